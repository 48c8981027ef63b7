//! The program as people use it: real pages over a real database, one module per slice.

mod mail;
