//! What slices keep open while the program runs, such as a search index.

use std::any::{Any, TypeId};
use std::collections::HashMap;

use crate::config::Settings;
use crate::platform::db::Database;

/// Opens what a slice keeps open, at start.
pub type OpenParts = fn(&Settings, &Database, &mut Parts) -> Result<(), String>;

/// What slices keep open, by type.
#[derive(Default)]
pub struct Parts(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl Parts {
    /// Keeps a part; one of each type.
    pub fn insert<T: Send + Sync + 'static>(&mut self, part: T) {
        self.0.insert(TypeId::of::<T>(), Box::new(part));
    }

    /// The part of a type, if a slice opened one.
    #[must_use]
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref()
    }
}
