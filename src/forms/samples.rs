use super::pages::{RequestTypePage, RequestTypesPage};

pub fn lists() -> Vec<RequestTypesPage> {
    Vec::new()
}

pub fn forms() -> Vec<RequestTypePage> {
    Vec::new()
}
