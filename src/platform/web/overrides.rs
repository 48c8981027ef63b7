//! A folder whose files take the place of built-in ones, without a build: `templates/` for pages
//! and mails, `static/` for styles, scripts and pictures.

use std::fmt;
use std::path::{Path, PathBuf};

/// Folder of the templates in an override folder.
pub const TEMPLATES: &str = "templates";

/// Folder of the static files in an override folder.
pub const STATIC: &str = "static";

/// A file of the override folder that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverrideFault {
    /// The file.
    pub file: String,
    /// The line, where there is one.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

/// All files of the override folder that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct OverrideFaults(pub Vec<OverrideFault>);

impl fmt::Display for OverrideFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, reason } = self;
        match line {
            Some(line) => write!(f, "{file}:{line}: {reason}"),
            None => write!(f, "{file}: {reason}"),
        }
    }
}

impl fmt::Display for OverrideFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} file(s) that replace built-in ones cannot be used; mend them, or move them out of \
             override_dir:",
            self.0.len()
        )?;
        self.0.iter().try_for_each(|fault| writeln!(f, "  {fault}"))
    }
}

impl From<OverrideFault> for OverrideFaults {
    fn from(fault: OverrideFault) -> Self {
        Self(vec![fault])
    }
}

/// What was made of both parts of an override folder, or the faults of both: one part's hide none
/// of the other's.
///
/// # Errors
/// All of them.
pub fn both<A, B>(
    one: Result<A, OverrideFaults>,
    other: Result<B, OverrideFaults>,
) -> Result<(A, B), OverrideFaults> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(faults), Ok(_)) | (Ok(_), Err(faults)) => Err(faults),
        (Err(OverrideFaults(mut faults)), Err(OverrideFaults(more))) => {
            // A folder that is gone is a fault of both.
            let new = more.into_iter().filter(|fault| !faults.contains(fault));
            let new: Vec<_> = new.collect();
            faults.extend(new);
            Err(OverrideFaults(faults))
        }
    }
}

/// The files below one part of an override folder, by their path with slashes, in order. Hidden
/// files (what editors and version control leave) are none.
///
/// # Errors
/// When a folder that is there cannot be read, or the override folder is not there at all.
pub fn list(folder: Option<&Path>, part: &str) -> Result<Vec<(String, PathBuf)>, OverrideFault> {
    let Some(folder) = folder else {
        return Ok(Vec::new());
    };
    if !folder.is_dir() {
        return Err(fault(folder, "override_dir is no folder"));
    }
    let root = folder.join(part);
    let mut files = Vec::new();
    if root.is_dir() {
        descend(&root, &root, &mut files)?;
    }
    files.sort();
    Ok(files)
}

fn descend(
    root: &Path,
    folder: &Path,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), OverrideFault> {
    let unreadable = |error: std::io::Error| fault(folder, &error.to_string());
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        if path.is_dir() {
            descend(root, &path, files)?;
        } else if let Ok(inner) = path.strip_prefix(root) {
            let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
            files.push((parts.join("/"), path));
        }
    }
    Ok(())
}

/// Something wrong with a whole file.
pub(super) fn fault(file: &Path, reason: &str) -> OverrideFault {
    OverrideFault {
        file: file.display().to_string(),
        line: None,
        reason: reason.to_owned(),
    }
}
