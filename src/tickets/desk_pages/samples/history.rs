use super::super::HistoryPage;

pub fn pages() -> Vec<HistoryPage> {
    Vec::new()
}
