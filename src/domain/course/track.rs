//! The groups of the policy document (items (八)–(十)): a lesson or question may be for some of
//! them. A reader who names his group meets what is for it first.

/// A group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Track {
    /// Its name in files.
    pub code: &'static str,
    /// What a reader sees.
    pub label: &'static str,
}

const fn track(code: &'static str, label: &'static str) -> Track {
    Track { code, label }
}

/// All groups, in the order of the policy document.
pub const TRACKS: [Track; 13] = [
    track("state-worker", "国有企业职工"),
    track("private-worker", "非公有制企业职工"),
    track("migrant", "农民工"),
    track("dispatched", "劳务派遣工"),
    track("farmer", "农民"),
    track("teacher", "青年教师"),
    track("researcher", "科研等单位的青年知识分子"),
    track("undergraduate", "本专科学生"),
    track("postgraduate", "研究生"),
    track("woman", "妇女"),
    track("minority", "少数民族群众"),
    track("cadre", "干部"),
    track("soldier", "军人"),
];

/// The group of that code.
pub fn track_of(code: &str) -> Option<Track> {
    TRACKS.into_iter().find(|track| track.code == code)
}

/// Whether something for `tracks` is for one of `own`.
pub fn concerns(tracks: &[String], own: &[String]) -> bool {
    tracks.iter().any(|track| own.contains(track))
}
