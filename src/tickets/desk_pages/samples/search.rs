use super::super::DeskSearchPage;

pub fn pages() -> Vec<DeskSearchPage> {
    Vec::new()
}
