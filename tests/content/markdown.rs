//! Markdown made to hurt: what is rendered stays small and comes soon.

use xuedang::format::markdown::render;

#[test]
fn bombs_stay_small() {
    let size = 50_000;
    for bomb in [
        ">".repeat(size),
        "[".repeat(size),
        "*a_".repeat(size / 3),
        "- ".repeat(size / 2),
        format!(
            "{}\n{}\n{}",
            "|a".repeat(size / 8),
            "|-".repeat(size / 8),
            "|\n".repeat(size / 4)
        ),
        format!(
            "[a]: https://x.cn/{}\n\n{}",
            "x".repeat(size / 2),
            "[a]".repeat(size / 6)
        ),
        "&#x41;".repeat(size / 6),
        "`".repeat(size),
        "# a {#a}\n".repeat(size / 9),
        "<a\n".repeat(size / 3),
    ] {
        let start = std::time::Instant::now();
        let rendered = render(&bomb);
        assert!(
            rendered.html.len() < 200 * size,
            "{} → {}",
            &bomb[..20],
            rendered.html.len()
        );
        assert!(start.elapsed().as_secs() < 5, "{}", &bomb[..20]);
    }
}
