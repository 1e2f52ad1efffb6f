//! What people see: pages by role, components, routes, and the desk that holds the state.

#![allow(unreachable_pub, reason = "the component macro writes `pub` where none is reachable")]

mod app;
mod components;
mod desk;
mod pages;
mod markup;
mod route;

/// Starts the app: panic hook first, then the page.
pub fn start() {
    crate::platform::panic::install();
    app::mount();
}
