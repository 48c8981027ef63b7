use super::super::DeskTicketPage;

pub fn pages() -> Vec<DeskTicketPage> {
    Vec::new()
}
