//! People: signing up, signing in, and who may reach what.

mod entry;
mod interrupted;
mod links;
mod manage;
mod profile;
