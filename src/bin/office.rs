//! Starts the office of mentors and branches in its page.

fn main() {
    xuedang::ui::start_office();
}
