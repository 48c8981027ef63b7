use super::super::DeskNewPage;

pub fn pages() -> Vec<DeskNewPage> {
    Vec::new()
}
