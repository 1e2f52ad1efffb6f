//! Signing keys: one's own, with their secrets, and those of others that were compared in person.
//!
//! Two books of events, each folded into a state. [`KeyRing`] is what this browser can sign with; at
//! most one key is in use, the others are kept so that they can still sign that they were replaced.
//! [`Contacts`] says of whose keys the person has satisfied himself, on which day, and how: that is
//! all that ties a key to a human being.

use super::study::{Event, Refusal, refuse};
use super::time::{Date, Moment};
use super::{hex, is_unseen};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Most characters of a contact's name.
pub const MAX_NAME: usize = 100;
/// Most characters of a key's name (`did:key:…` of Ed25519 has 56).
const MAX_KEY: usize = 120;

/// As what somebody signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The activist, first, whose record it is.
    Activist,
    /// A mentor.
    Mentor,
    /// The branch, last.
    Branch,
}

impl Role {
    /// All, in the order in which they sign.
    pub const ALL: [Self; 3] = [Self::Activist, Self::Mentor, Self::Branch];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Activist => "本人",
            Self::Mentor => "培养联系人",
            Self::Branch => "党支部",
        }
    }

    /// What another person is called who signs so.
    pub fn of_other(self) -> &'static str {
        match self {
            Self::Activist => "入党积极分子",
            Self::Mentor => "培养联系人",
            Self::Branch => "党支部",
        }
    }

    /// Its name in files and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Activist => "activist",
            Self::Mentor => "mentor",
            Self::Branch => "branch",
        }
    }

    /// The role of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

/// The 32 bytes of a secret key, in lower-case hexadecimal where they are stored. It never shows
/// itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Keeps a secret key.
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hex(bytes))
    }

    /// The bytes; `None` when what was stored is damaged.
    pub fn bytes(&self) -> Option<[u8; 32]> {
        let mut bytes = [0; 32];
        if self.0.len() != 64 || !self.0.is_ascii() {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(self.0.get(at * 2..at * 2 + 2)?, 16).ok()?;
        }
        Some(bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A key of one's own, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnKey {
    /// `did:key:…`.
    pub key: String,
    /// Thirty digits in groups, to compare in person.
    pub fingerprint: String,
    /// The secret.
    pub secret: Secret,
}

/// What happens to one's own keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyEvent {
    /// A key was made here, and is the one in use.
    Made(OwnKey),
    /// A key came back from a backup.
    Restored {
        /// The key.
        key: OwnKey,
        /// Whether it is the one in use from now on; otherwise it is only kept, to declare that
        /// another has taken its place.
        in_use: bool,
    },
    /// It was saved to a file under a passphrase.
    BackedUp {
        /// Which.
        key: String,
    },
    /// It is no longer signed with.
    Retired {
        /// Which.
        key: String,
        /// Why.
        reason: Reason,
    },
}

/// Why a key is no longer used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Another has taken its place.
    Replaced,
    /// Somebody else may have it, or its passphrase.
    Exposed,
    /// It is not needed any more.
    Unneeded,
}

impl Reason {
    /// All.
    pub const ALL: [Self; 3] = [Self::Replaced, Self::Exposed, Self::Unneeded];

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Replaced => "换了新钥匙",
            Self::Exposed => "可能被别人拿到",
            Self::Unneeded => "不再使用",
        }
    }

    /// Its name in forms; the same as in the journal.
    pub fn code(self) -> &'static str {
        match self {
            Self::Replaced => "replaced",
            Self::Exposed => "exposed",
            Self::Unneeded => "unneeded",
        }
    }

    /// The reason of that name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// A key of one's own and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldKey {
    /// The key.
    #[serde(flatten)]
    pub own: OwnKey,
    /// Since when it is in this browser.
    pub since: Moment,
    /// Whether it came from a backup.
    pub restored: bool,
    /// When it was last saved to a file under a passphrase; a key that was restored has a backup
    /// already, of whatever day.
    pub backed_up: Option<Moment>,
    /// When and why it was retired.
    pub retired: Option<(Moment, Reason)>,
}

/// One's own keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRing {
    /// In the order in which they came.
    held: Vec<HeldKey>,
    /// The `did:key` of the one in use.
    in_use: Option<String>,
}

impl KeyRing {
    /// Folds one event in.
    pub fn apply(&mut self, event: &Event<KeyEvent>) {
        match &event.what {
            KeyEvent::Made(own) => self.take(own, event.at, false, true),
            KeyEvent::Restored { key, in_use } => self.take(key, event.at, true, *in_use),
            KeyEvent::BackedUp { key } => {
                if let Some(held) = self.find_mut(key) {
                    held.backed_up = Some(event.at);
                }
            }
            KeyEvent::Retired { key, reason } => {
                if let Some(held) = self.find_mut(key) {
                    held.retired = Some((event.at, *reason));
                }
                if self.in_use.as_ref() == Some(key) {
                    self.in_use = None;
                }
            }
        }
    }

    fn take(&mut self, own: &OwnKey, at: Moment, restored: bool, in_use: bool) {
        match self.find_mut(&own.key) {
            Some(held) => {
                // What was stored may have been damaged: the backup is right.
                held.own = own.clone();
                if in_use {
                    held.retired = None;
                }
            }
            None => self.held.push(HeldKey {
                own: own.clone(),
                since: at,
                restored,
                backed_up: None,
                retired: None,
            }),
        }
        if in_use {
            self.in_use = Some(own.key.clone());
        }
    }

    fn find_mut(&mut self, key: &str) -> Option<&mut HeldKey> {
        self.held.iter_mut().find(|held| held.own.key == key)
    }

    /// The key by that name.
    pub fn find(&self, key: &str) -> Option<&HeldKey> {
        self.held.iter().find(|held| held.own.key == key)
    }

    /// The key that is signed with.
    pub fn in_use(&self) -> Option<&HeldKey> {
        self.find(self.in_use.as_ref()?)
    }

    /// The keys that are kept but not signed with, the newest first.
    pub fn others(&self) -> impl Iterator<Item = &HeldKey> {
        self.held
            .iter()
            .rev()
            .filter(|held| Some(&held.own.key) != self.in_use.as_ref())
    }

    /// Whether a key is one's own.
    pub fn holds(&self, key: &str) -> bool {
        self.find(key).is_some()
    }
}

/// Somebody's key, of which the person has satisfied himself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// `did:key:…`.
    pub key: String,
    /// Its fingerprint.
    pub fingerprint: String,
    /// Whose it is: a person's or a branch's name.
    pub name: String,
    /// As what they sign.
    pub role: Role,
    /// The day on which the fingerprint was compared, in person or over the telephone.
    pub on: Date,
}

/// What happens to the keys of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ContactEvent {
    /// A fingerprint was compared and is theirs; once more, with other particulars, corrects them.
    Confirmed(Contact),
    /// The key is no longer held to be theirs.
    Withdrawn {
        /// Which.
        key: String,
    },
    /// A declaration was confirmed in person: from now on another key is theirs.
    Replaced {
        /// The old key.
        old: String,
        /// Theirs from now on.
        by: Contact,
    },
}

/// What is known of somebody's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The key and whose it is.
    #[serde(flatten)]
    pub contact: Contact,
    /// When that was withdrawn.
    pub withdrawn: Option<Moment>,
    /// The key that has taken its place. What it signed before stays as good as it was.
    pub replaced_by: Option<String>,
}

impl Known {
    /// Whether what is signed with it from now on counts as theirs.
    pub fn is_current(&self) -> bool {
        self.withdrawn.is_none() && self.replaced_by.is_none()
    }
}

/// The keys of others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    /// By `did:key`.
    known: BTreeMap<String, Known>,
}

impl Contacts {
    /// Folds one event in.
    pub fn apply(&mut self, event: &Event<ContactEvent>) {
        match &event.what {
            ContactEvent::Confirmed(contact) => self.confirm(contact),
            ContactEvent::Withdrawn { key } => {
                if let Some(known) = self.known.get_mut(key) {
                    known.withdrawn = Some(event.at);
                }
            }
            ContactEvent::Replaced { old, by } => {
                self.confirm(by);
                if let Some(known) = self.known.get_mut(old)
                    && *old != by.key
                {
                    known.replaced_by = Some(by.key.clone());
                }
            }
        }
    }

    fn confirm(&mut self, contact: &Contact) {
        let known = Known {
            contact: contact.clone(),
            withdrawn: None,
            replaced_by: None,
        };
        self.known.insert(contact.key.clone(), known);
    }

    /// What is known of a key.
    pub fn of(&self, key: &str) -> Option<&Known> {
        self.known.get(key)
    }

    /// All, by role and name; those that still count first.
    pub fn sorted(&self) -> Vec<&Known> {
        let mut all: Vec<&Known> = self.known.values().collect();
        super::sort_by(&mut all, |a, b| {
            let order = |known: &Known| (!known.is_current(), known.contact.role);
            (order(a), &a.contact.name, &a.contact.key).cmp(&(order(b), &b.contact.name, &b.contact.key))
        });
        all
    }

    /// Checks what was typed about somebody's key; `own` are one's own keys, which nobody else can
    /// have.
    ///
    /// # Errors
    /// [`Refusal`]: the field (`name`, `date`, `key`) and the reason.
    pub fn decide(contact: Contact, own: &KeyRing, today: Date) -> Result<Contact, Refusal> {
        let contact = Contact {
            name: contact.name.trim().to_owned(),
            ..contact
        };
        if contact.name.is_empty() {
            return refuse("name", "请填写这把钥匙是谁的");
        }
        if contact.name.chars().count() > MAX_NAME || contact.name.chars().any(is_unseen) {
            return refuse("name", "姓名或名称最多 100 个字，不能换行或含有不能显示的字符");
        }
        if contact.on > today {
            return refuse("date", "核对的日期不能晚于今天");
        }
        if !contact.key.starts_with("did:key:z") || contact.key.len() > MAX_KEY {
            return refuse("key", "这不是一把钥匙（did:key:z…）");
        }
        if own.holds(&contact.key) {
            return refuse("key", "这是您自己的钥匙，不用记作别人的");
        }
        Ok(contact)
    }
}

/// How hard a passphrase is to guess, told plainly. No more than a hint: no program knows what a
/// person's enemies know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Fewer characters than are taken.
    Short,
    /// Guessed soon: few different characters, a row of digits, a birthday.
    Weak,
    /// Fair.
    Fair,
    /// Good.
    Good,
}

/// Fewest characters of a passphrase.
pub const MIN_PASSPHRASE: usize = 8;

impl Strength {
    /// Of a passphrase: its length, counted by what a guesser has to go through. A Chinese character
    /// counts for two letters; what repeats or goes up or down by one counts a quarter.
    pub fn of(passphrase: &str) -> Self {
        let characters: Vec<char> = passphrase.chars().collect();
        if characters.len() < MIN_PASSPHRASE {
            return Self::Short;
        }
        let mut quarters = 0usize;
        for (at, &c) in characters.iter().enumerate() {
            let worth = match c {
                '0'..='9' => 2,
                c if c.is_ascii() => 4,
                _ => 8,
            };
            let follows = at
                .checked_sub(1)
                .and_then(|before| characters.get(before))
                .is_some_and(|&before| (c as u32).abs_diff(before as u32) <= 1);
            quarters += if follows || characters[..at].contains(&c) {
                1
            } else {
                worth
            };
        }
        match quarters {
            0..24 => Self::Weak,
            24..44 => Self::Fair,
            _ => Self::Good,
        }
    }

    /// What a reader sees.
    pub fn label(self) -> &'static str {
        match self {
            Self::Short => "太短：至少 8 个字",
            Self::Weak => "容易猜到：请加长，不要用生日、电话、连续的数字",
            Self::Fair => "可以用；再长一些更好",
            Self::Good => "好",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::study::EventId;
    use super::*;
    use proptest::prelude::*;

    fn own(name: u8) -> OwnKey {
        OwnKey {
            key: format!("did:key:z6Mk{name}"),
            fingerprint: format!("{name:05} 00000 00000 00000 00000 00000"),
            secret: Secret::new(&[name; 32]),
        }
    }

    fn event<K>(seq: u64, what: K) -> Event<K> {
        Event {
            v: 2,
            id: EventId(format!("{seq:026}")),
            seq,
            at: Moment {
                ms: seq as i64 * 1000,
                tz: 480,
            },
            what,
        }
    }

    fn fold(events: Vec<KeyEvent>) -> KeyRing {
        let mut ring = KeyRing::default();
        for (seq, what) in (1..).zip(events) {
            ring.apply(&event(seq, what));
        }
        ring
    }

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    fn contact(key: &str) -> Contact {
        Contact {
            key: key.into(),
            fingerprint: String::new(),
            name: "王喆𠮷".into(),
            role: Role::Mentor,
            on: day("2026-11-25"),
        }
    }

    #[test]
    fn the_last_key_made_is_in_use_and_a_retired_one_is_not() {
        let ring = fold(vec![KeyEvent::Made(own(1)), KeyEvent::Made(own(2))]);
        assert_eq!(ring.in_use().unwrap().own, own(2));
        assert_eq!(ring.others().count(), 1);
        let retire = |key: u8| KeyEvent::Retired {
            key: own(key).key,
            reason: Reason::Exposed,
        };
        let ring = fold(vec![KeyEvent::Made(own(1)), retire(1)]);
        assert_eq!(ring.in_use(), None);
        assert!(ring.others().next().unwrap().retired.is_some());
        // Retiring another, or one that is not there, leaves the one in use.
        let ring = fold(vec![
            KeyEvent::Made(own(1)),
            KeyEvent::Made(own(2)),
            retire(1),
            retire(9),
        ]);
        assert_eq!(ring.in_use().unwrap().own, own(2));
    }

    #[test]
    fn a_restored_key_is_used_or_only_kept() {
        let restored = |in_use| KeyEvent::Restored { key: own(1), in_use };
        let kept = fold(vec![KeyEvent::Made(own(2)), restored(false)]);
        assert_eq!(kept.in_use().unwrap().own, own(2));
        assert!(kept.find(&own(1).key).unwrap().restored);
        let used = fold(vec![
            KeyEvent::Made(own(1)),
            KeyEvent::Retired {
                key: own(1).key,
                reason: Reason::Unneeded,
            },
            restored(true),
        ]);
        assert_eq!(used.in_use().unwrap().retired, None);
        assert_eq!(used.others().count(), 0);
    }

    #[test]
    fn a_backup_is_remembered() {
        let ring = fold(vec![
            KeyEvent::Made(own(1)),
            KeyEvent::BackedUp { key: own(1).key },
        ]);
        assert_eq!(ring.in_use().unwrap().backed_up.map(|at| at.ms), Some(2000));
    }

    #[test]
    fn a_secret_never_shows_itself() {
        let ring = fold(vec![KeyEvent::Made(own(7))]);
        assert!(!format!("{ring:?}").contains("0707"));
        assert_eq!(Secret("07".repeat(31)).bytes(), None);
        assert_eq!(Secret("zz".repeat(32)).bytes(), None);
        assert_eq!(Secret("好".repeat(32)).bytes(), None);
    }

    #[test]
    fn contacts_are_confirmed_withdrawn_and_replaced() {
        let mut contacts = Contacts::default();
        let confirmed = |key: &str| ContactEvent::Confirmed(contact(key));
        contacts.apply(&event(1, confirmed("did:key:za")));
        assert!(contacts.of("did:key:za").unwrap().is_current());
        let by = contact("did:key:zb");
        contacts.apply(&event(
            2,
            ContactEvent::Replaced {
                old: "did:key:za".into(),
                by,
            },
        ));
        let old = contacts.of("did:key:za").unwrap();
        assert!(!old.is_current() && old.replaced_by.as_deref() == Some("did:key:zb"));
        assert!(contacts.of("did:key:zb").unwrap().is_current());
        // Those that count stand first.
        assert_eq!(contacts.sorted()[0].contact.key, "did:key:zb");
        contacts.apply(&event(
            3,
            ContactEvent::Withdrawn {
                key: "did:key:zb".into(),
            },
        ));
        assert!(!contacts.of("did:key:zb").unwrap().is_current());
        contacts.apply(&event(4, confirmed("did:key:zb")));
        assert!(contacts.of("did:key:zb").unwrap().is_current());
    }

    #[test]
    fn what_is_typed_of_a_contact_is_checked() {
        let ring = fold(vec![KeyEvent::Made(own(1))]);
        let today = day("2026-11-25");
        let refused = |change: &dyn Fn(&mut Contact)| {
            let mut contact = contact("did:key:z6Mkx");
            change(&mut contact);
            Contacts::decide(contact, &ring, today)
                .err()
                .map(|refusal| refusal.field)
        };
        assert_eq!(refused(&|_| ()), None);
        assert_eq!(refused(&|contact| contact.name = "  ".into()), Some("name"));
        assert_eq!(
            refused(&|contact| contact.name = "王\u{202e}".into()),
            Some("name")
        );
        assert_eq!(refused(&|contact| contact.name = "长".repeat(101)), Some("name"));
        assert_eq!(refused(&|contact| contact.on = day("2026-11-26")), Some("date"));
        assert_eq!(refused(&|contact| contact.key = "12345".into()), Some("key"));
        assert_eq!(refused(&|contact| contact.key = own(1).key), Some("key"));
    }

    #[test]
    fn a_passphrase_is_judged_plainly() {
        for (passphrase, strength) in [
            ("1234567", Strength::Short),
            ("12345678", Strength::Weak),
            ("19790512", Strength::Weak),
            ("aaaaaaaaaaaaaaaa", Strength::Weak),
            ("Tr0ub4dor", Strength::Fair),
            ("春眠不觉晓处处闻", Strength::Good),
            ("correct horse battery", Strength::Good),
        ] {
            assert_eq!(Strength::of(passphrase), strength, "{passphrase}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes in any::<[u8; 32]>()) {
            let secret = Secret::new(&bytes);
            prop_assert_eq!(secret.bytes(), Some(bytes));
            let what = KeyEvent::Made(OwnKey { secret, ..own(1) });
            let line = event(1, what.clone()).write();
            prop_assert_eq!(Event::<KeyEvent>::read(&line).map(|event| event.what), Ok(what));
        }

        /// Whatever happens in whichever order, the key in use is one that is held and not retired.
        #[test]
        fn the_key_in_use_is_fit_for_use(steps in proptest::collection::vec((0u8..4, 0u8..3), 0..30)) {
            let events = steps.into_iter().map(|(what, key)| match what {
                0 => KeyEvent::Made(own(key)),
                1 => KeyEvent::Restored { key: own(key), in_use: true },
                2 => KeyEvent::Restored { key: own(key), in_use: false },
                _ => KeyEvent::Retired { key: own(key).key, reason: Reason::Replaced },
            });
            let ring = fold(events.collect());
            if let Some(held) = ring.in_use() {
                prop_assert_eq!(held.retired, None);
            }
            let text = serde_json::to_string(&ring).unwrap();
            prop_assert_eq!(serde_json::from_str::<KeyRing>(&text).unwrap(), ring);
        }
    }
}
