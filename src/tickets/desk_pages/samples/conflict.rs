use super::super::DeskConflictPage;

pub fn pages() -> Vec<DeskConflictPage> {
    Vec::new()
}
