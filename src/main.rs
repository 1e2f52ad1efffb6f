//! Starts the app in the page.

fn main() {
    xuedang::ui::start();
}
