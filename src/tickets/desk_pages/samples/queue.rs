use super::super::QueuePage;

pub fn pages() -> Vec<QueuePage> {
    Vec::new()
}
