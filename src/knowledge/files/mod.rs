//! The folder of the articles: `<lang>/<section>/<slug>.md`, pictures beside them, and a
//! `_section.md` for the title of a section.
//!
//! - [`folder`] lists what is there, cheaply enough to be done every second.
//! - [`article`] and [`section`] read one file, or say what is wrong with it and on which line.
//! - [`library`] is all of it together, and knows where links and pictures lead.
//!
//! Nothing here knows the database.

pub mod article;
pub mod faults;
pub mod folder;
pub mod library;
mod links;
mod path;
mod picture;
pub mod section;

pub use article::ArticleFile;
pub use faults::FileFault;
pub use folder::{Folder, image_type};
pub use library::{Library, read_text};
pub(in crate::knowledge) use links::{image_address, image_path};
pub use path::FolderPath;
pub use section::SectionFile;
