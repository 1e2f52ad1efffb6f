//! The arithmetic of a list of which only the rows in view are on the page.
//!
//! The list stands in a space as high as all rows together. Browsers make no element higher than some
//! tens of millions of pixels (Firefox 17.8), so that a list of more than [`MOST`] has a lower space, and
//! then two measures: how far the browser has scrolled, and how far the list has. A short step moves
//! both alike, so that a wheel moves a row by a row; a leap, as of the bar being dragged, is taken in
//! proportion. Where the two drift apart, [`Roll::settle`] says where the bar belongs, once the list is
//! at rest.

/// The greatest height of the space, in pixels.
const MOST: f64 = 8_000_000.0;

/// A list that scrolls. All measures in CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::ui) struct Roll {
    /// How many rows there are.
    count: u32,
    /// How high each is.
    row: f64,
    /// How much of the list is in view.
    view: f64,
    /// How far the browser has scrolled.
    scroll: f64,
    /// How far the list has.
    at: f64,
}

impl Roll {
    /// An empty list.
    pub(in crate::ui) fn new(row: f64) -> Self {
        Self {
            count: 0,
            row,
            view: 0.0,
            scroll: 0.0,
            at: 0.0,
        }
    }

    fn full(&self) -> f64 {
        f64::from(self.count) * self.row
    }

    /// How far the list can scroll.
    fn end(&self) -> f64 {
        (self.full() - self.view).max(0.0)
    }

    /// How high the space is.
    pub(in crate::ui) fn height(&self) -> f64 {
        self.full().min(MOST)
    }

    /// How high a row is.
    pub(in crate::ui) fn row(&self) -> f64 {
        self.row
    }

    /// How many rows there are.
    pub(in crate::ui) fn count(&self) -> u32 {
        self.count
    }

    /// There are so many rows now, so high, and so much is in view; the row at the top stays there.
    /// Gives where the browser must scroll.
    pub(in crate::ui) fn measure(&mut self, count: u32, row: f64, view: f64) -> f64 {
        let top = self.at / self.row;
        (self.count, self.row, self.view) = (count, row.max(1.0), view.max(0.0));
        self.at = (top * self.row).clamp(0.0, self.end());
        self.scroll = self.fit();
        self.scroll
    }

    /// Where the browser would have scrolled if there had only been leaps.
    fn fit(&self) -> f64 {
        let (span, end) = (self.height() - self.view, self.end());
        if self.full() <= MOST || end <= 0.0 {
            return self.at.round();
        }
        (self.at / end * span).round()
    }

    /// The browser has scrolled to there.
    pub(in crate::ui) fn scrolled(&mut self, to: f64) {
        let moved = to - self.scroll;
        self.scroll = to;
        let at = if self.full() <= MOST {
            to
        } else if moved.abs() <= 2.0 * self.view {
            self.at + moved
        } else {
            to / (self.height() - self.view).max(1.0) * self.end()
        };
        self.at = at.clamp(0.0, self.end());
    }

    /// Where the browser must scroll so that its bar says where the list is; nothing in view moves by
    /// that. `None` when it does.
    pub(in crate::ui) fn settle(&mut self) -> Option<f64> {
        let fit = self.fit();
        ((fit - self.scroll).abs() > 1.0).then(|| {
            self.scroll = fit;
            fit
        })
    }

    /// Brings a row to the top. Gives where the browser must scroll.
    pub(in crate::ui) fn go_to(&mut self, row: u32) -> f64 {
        self.at = (f64::from(row) * self.row).clamp(0.0, self.end());
        self.scroll = self.fit();
        self.scroll
    }

    /// Brings a row into view, by the shortest way. Gives where the browser must scroll, if it must.
    pub(in crate::ui) fn reveal(&mut self, row: u32) -> Option<f64> {
        let top = f64::from(row) * self.row;
        let to = if top < self.at {
            top
        } else if top + self.row > self.at + self.view {
            top + self.row - self.view
        } else {
            return None;
        };
        self.at = to.clamp(0.0, self.end());
        self.scroll = self.fit();
        Some(self.scroll)
    }

    /// The rows in view and `more` at either side: the first, and one after the last.
    pub(in crate::ui) fn range(&self, more: u32) -> (u32, u32) {
        let first = (self.at / self.row) as u32;
        let last = ((self.at + self.view) / self.row).ceil() as u32;
        (
            first.saturating_sub(more),
            last.saturating_add(more).min(self.count),
        )
    }

    /// How many rows are wholly in view.
    pub(in crate::ui) fn page(&self) -> u32 {
        ((self.view / self.row) as u32).max(1)
    }

    /// Where in the space a row begins, as the two measures stand now.
    pub(in crate::ui) fn top_of(&self, row: u32) -> f64 {
        (self.scroll + f64::from(row) * self.row - self.at).round()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn roll(count: u32) -> Roll {
        let mut roll = Roll::new(44.0);
        roll.measure(count, 44.0, 600.0);
        roll
    }

    #[test]
    fn a_short_list_scrolls_as_the_browser_does() {
        let mut roll = roll(1_000);
        assert_eq!(roll.height(), 44_000.0);
        roll.scrolled(4_400.0);
        assert_eq!(roll.range(0), (100, 114));
        assert_eq!(roll.top_of(100), 4_400.0);
        assert_eq!(roll.settle(), None);
    }

    #[test]
    fn a_million_rows_are_all_reached() {
        let mut roll = roll(1_000_000);
        assert_eq!(roll.height(), MOST);
        // The bar dragged to the end, and back.
        roll.scrolled(MOST - 600.0);
        assert_eq!(roll.range(0).1, 1_000_000);
        assert_eq!(roll.top_of(999_999), MOST - 44.0);
        roll.scrolled(0.0);
        assert_eq!(roll.range(0).0, 0);
        // To the middle, and one row further.
        roll.scrolled(MOST / 2.0);
        let (first, _) = roll.range(0);
        roll.scrolled(MOST / 2.0 + 44.0);
        assert_eq!(roll.range(0).0, first + 1);
    }

    proptest! {
        /// However it is scrolled, what is in view stands in view, and settling moves nothing.
        #[test]
        fn what_is_in_view_stands_there(
            count in prop_oneof![0u32..2_000, 100_000u32..2_000_000],
            row in 30u32..130,
            steps in proptest::collection::vec(prop_oneof![(-900i32..900).prop_map(|by| (by, 0.0)), (0.0f64..1.0).prop_map(|to| (0, to))], 0..30),
        ) {
            let mut roll = Roll::new(f64::from(row));
            roll.measure(count, f64::from(row), 640.0);
            let span = (roll.height() - 640.0).max(0.0);
            let mut scroll: f64 = 0.0;
            for (by, to) in steps {
                scroll = if by == 0 { (to * span).round() } else { (scroll + f64::from(by)).clamp(0.0, span) };
                roll.scrolled(scroll);
                let (first, last) = roll.range(0);
                if count > 0 {
                    prop_assert!(first < count && last <= count && first < last);
                    prop_assert!(roll.top_of(first) - scroll <= 1.0);
                    prop_assert!(roll.top_of(last) - scroll >= 639.0f64.min(roll.height()) - 1.0);
                }
                let before = roll.range(0);
                if let Some(to) = roll.settle() {
                    prop_assert!((-1.0..=span + 1.0).contains(&to));
                    scroll = to;
                    roll.scrolled(scroll);
                    prop_assert_eq!(roll.range(0), before);
                }
            }
        }

        #[test]
        fn any_row_can_be_brought_into_view(count in 1u32..2_000_000, at in 0.0f64..1.0) {
            let mut roll = roll(count);
            let row = ((f64::from(count) * at) as u32).min(count - 1);
            roll.reveal(row);
            let (first, last) = roll.range(0);
            prop_assert!((first..last).contains(&row));
            prop_assert_eq!(roll.reveal(row), None);
            roll.go_to(row);
            let (first, last) = roll.range(0);
            prop_assert!((first..last).contains(&row));
        }
    }
}
