//! What must hold for every input. The checks are those of the ordinary tests, which replay the
//! corpus; here they meet inputs that a fuzzer makes up.

#[path = "../../tests/it/fuzz/checks/mod.rs"]
pub mod checks;
