//! Text with `{{name}}` places.

/// Fills the places in one pass, so that what is put in is never read as a place itself. A name
/// that has no value stays empty.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        filled.push_str(before);
        filled.push_str(
            values
                .iter()
                .find(|(known, _)| *known == name)
                .map_or("", |(_, value)| value),
        );
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn values_are_not_filled_again() {
        assert_eq!(
            fill("<{{a}}{{b}}{{c}}>", &[("a", "{{b}}"), ("b", "2")]),
            "<{{b}}2>"
        );
        assert_eq!(fill("{{a", &[("a", "1")]), "{{a");
    }
}
