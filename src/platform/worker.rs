//! A worker: another program of this site, on a thread of its own. It is started when it is first
//! asked, and thrown away when it is told to stop, breaks, or has been silent for too long.
//!
//! What is said is described in `src/bin/worker.rs` and `src/bin/signer.rs`.

use super::clock::within;
use super::js::{Listener, Signal, call, error_text, get, listen};
use js_sys::{Array, Function, Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, EventTarget, MessageEvent};

/// How long an answer may take, in milliseconds.
const PATIENCE: u32 = 120_000;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkerError {
    /// It did not start: offline, or this site has been updated meanwhile.
    NotStarted(String),
    /// It was told to stop.
    Cancelled,
    /// It broke, or did not answer in time.
    Broken(String),
    /// It says why not.
    Refused(String),
}

impl fmt::Display for WorkerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(why) => {
                write!(f, "后台程序没有加载出来，请检查网络或刷新本页（{why}）")
            }
            Self::Cancelled => f.write_str("已取消"),
            Self::Broken(why) => write!(f, "后台程序出错了，没有任何变化（{why}）"),
            Self::Refused(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for WorkerError {}

/// An answer: text, and bytes.
pub type Answer = Result<(String, Vec<u8>), WorkerError>;

/// An answer as it comes: text, and what was handed over with it.
type Handed = Result<(String, JsValue), WorkerError>;

/// A worker by the address of its script, relative to the page; started when it is first asked.
#[derive(Clone)]
pub struct Worker(Rc<Inner>);

struct Inner {
    script: String,
    running: RefCell<Option<Running>>,
    last: Cell<u32>,
}

struct Running {
    worker: EventTarget,
    _listeners: [Listener; 2],
    is_ready: bool,
    /// Messages that wait until it is ready.
    queue: Vec<(JsValue, Array)>,
    waiting: Vec<(u32, Asked)>,
}

/// Who hears how far something has come.
type Hearer = Rc<dyn Fn(&str)>;

/// Somebody who waits for an answer.
#[derive(Clone)]
struct Asked {
    answer: Signal<Handed>,
    /// Whether it has been heard of since patience began.
    heard: Rc<Cell<bool>>,
    /// Who hears how far it has come.
    progress: Option<Hearer>,
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Worker")
            .field("script", &self.0.script)
            .finish_non_exhaustive()
    }
}

impl Worker {
    /// Nothing is fetched yet.
    pub fn new(script: String) -> Self {
        Self(Rc::new(Inner {
            script,
            running: RefCell::new(None),
            last: Cell::new(0),
        }))
    }

    /// Asks for something and waits for the answer. `bytes` are handed over.
    ///
    /// # Errors
    /// [`WorkerError`].
    pub async fn ask(&self, what: &str, text: &str, bytes: Option<&[u8]>) -> Answer {
        let asked = self.send(what, text, bytes)?;
        self.wait(asked).await.map(unpacked)
    }

    /// Asks with a file, which the worker reads itself, and hears how far it has come; the answer may
    /// bring a file as well, which this page never looks into.
    ///
    /// # Errors
    /// [`WorkerError`].
    pub async fn ask_with(
        &self,
        what: &str,
        text: &str,
        file: Option<&Blob>,
        progress: impl Fn(&str) + 'static,
    ) -> Result<(String, Option<Blob>), WorkerError> {
        let file = file.map_or(JsValue::NULL, JsValue::from);
        let asked = self.post(what, text, &file, Array::new(), Some(Rc::new(progress)))?;
        let (text, file) = self.wait(asked).await?;
        Ok((text, file.dyn_into().ok()))
    }

    /// Asks, before anything is waited for.
    fn send(&self, what: &str, text: &str, bytes: Option<&[u8]>) -> Result<Asked, WorkerError> {
        let bytes = bytes.map(Uint8Array::from);
        let transfer: Array = bytes.iter().map(|bytes| JsValue::from(bytes.buffer())).collect();
        let bytes = bytes.map_or(JsValue::NULL, JsValue::from);
        self.post(what, text, &bytes, transfer, None)
    }

    fn post(
        &self,
        what: &str,
        text: &str,
        load: &JsValue,
        transfer: Array,
        progress: Option<Hearer>,
    ) -> Result<Asked, WorkerError> {
        self.start()?;
        let number = self.0.last.get().wrapping_add(1).max(1);
        self.0.last.set(number);
        let message = Array::of4(&number.into(), &what.into(), &text.into(), load);
        let asked = Asked {
            answer: Signal::new(),
            heard: Rc::default(),
            progress,
        };
        if let Some(running) = &mut *self.0.running.borrow_mut() {
            running.waiting.push((number, asked.clone()));
            running.send(message.into(), transfer);
        }
        Ok(asked)
    }

    /// Waits as long as it is heard of.
    async fn wait(&self, asked: Asked) -> Handed {
        loop {
            match within(PATIENCE, asked.answer.clone()).await {
                Some(answer) => return answer,
                None if asked.heard.take() => {}
                None => {
                    let why = WorkerError::Broken("太久没有回答".into());
                    self.0.stop(&why);
                    return Err(why);
                }
            }
        }
    }

    /// Stops whatever it is doing; everybody who waits hears [`WorkerError::Cancelled`].
    pub fn cancel(&self) {
        self.0.stop(&WorkerError::Cancelled);
    }

    fn start(&self) -> Result<(), WorkerError> {
        if self.0.running.borrow().is_some() {
            return Ok(());
        }
        let not_started = |why: &JsValue| WorkerError::NotStarted(error_text(why));
        if self.0.script.is_empty() {
            return Err(WorkerError::NotStarted("本页没有写明它在哪里".into()));
        }
        let worker = make(&self.0.script).map_err(|error| not_started(&error))?;
        let (hearing, failing) = (Rc::downgrade(&self.0), Rc::downgrade(&self.0));
        let listeners = [
            listen(worker.clone(), "message", move |event| {
                if let Some(inner) = hearing.upgrade() {
                    inner.hear(&event.unchecked_into::<MessageEvent>().data());
                }
            }),
            listen(worker.clone(), "error", move |event| {
                event.prevent_default();
                let why = get(&event, "message").as_string().unwrap_or_default();
                if let Some(inner) = failing.upgrade() {
                    let was_ready = inner
                        .running
                        .borrow()
                        .as_ref()
                        .is_some_and(|running| running.is_ready);
                    inner.stop(&if was_ready {
                        WorkerError::Broken(why)
                    } else {
                        WorkerError::NotStarted(why)
                    });
                }
            }),
        ];
        *self.0.running.borrow_mut() = Some(Running {
            worker,
            _listeners: listeners,
            is_ready: false,
            queue: Vec::new(),
            waiting: Vec::new(),
        });
        Ok(())
    }
}

/// So many orders wait at each worker, so that it never waits for the page.
const AHEAD: usize = 2;

/// Workers of one program: two where the device has two processors or more. Each is started when it
/// is first needed.
#[derive(Clone, Debug)]
pub struct Pool(Rc<[Worker]>);

/// A piece of work: its text and its bytes.
pub type Piece = (String, Vec<u8>);

impl Pool {
    /// Nothing is fetched yet.
    pub fn new(script: &str) -> Self {
        let navigator = get(&js_sys::global(), "navigator");
        let processors = get(&navigator, "hardwareConcurrency").as_f64().unwrap_or(1.0);
        let count = if processors >= 2.0 { 2 } else { 1 };
        Self::of(script, count)
    }

    /// So many, at least one.
    pub fn of(script: &str, count: usize) -> Self {
        let workers = (0..count.max(1)).map(|_| Worker::new(script.to_owned()));
        Self(workers.collect())
    }

    /// The first of them, for a single order.
    pub fn one(&self) -> Worker {
        // There is always one.
        self.0
            .first()
            .cloned()
            .unwrap_or_else(|| Worker::new(String::new()))
    }

    /// Gives out work as long as `next` has some, and tells `hear` each answer with the number of
    /// its piece, in the order in which they come; only a few pieces are held at a time. `hear` says
    /// whether to go on.
    ///
    /// # Errors
    /// The first error of a worker, [`WorkerError::Cancelled`] after [`Self::cancel`]; what was
    /// heard before stays heard, and whoever is still working is stopped.
    pub async fn spread(
        &self,
        what: &str,
        mut next: impl AsyncFnMut() -> Option<Piece>,
        mut hear: impl FnMut(usize, (String, Vec<u8>)) -> bool,
    ) -> Result<(), WorkerError> {
        let mut open: Vec<Open> = Vec::new();
        let (mut count, mut is_over) = (0, false);
        loop {
            let most = self.0.len() * AHEAD;
            if !is_over && open.len() < most {
                let Some((text, bytes)) = next().await else {
                    is_over = true;
                    continue;
                };
                let at_work = |place: usize| open.iter().filter(|open| open.worker == place).count();
                let free = (0..self.0.len()).min_by_key(|&place| at_work(place)).unwrap_or(0);
                let worker = self.0[free].clone();
                let sent = worker
                    .send(what, &text, Some(&bytes))
                    .inspect_err(|_| self.cancel())?;
                open.push(Open {
                    number: count,
                    worker: free,
                    answer: Box::pin(async move { worker.wait(sent).await.map(unpacked) }),
                });
                count += 1;
                continue;
            }
            if open.is_empty() {
                return Ok(());
            }
            let (number, answer) = first_of(&mut open).await;
            let answer = answer.inspect_err(|_| self.cancel())?;
            if !hear(number, answer) {
                self.cancel();
                return Err(WorkerError::Cancelled);
            }
        }
    }

    /// Stops all of them; everybody who waits hears [`WorkerError::Cancelled`].
    pub fn cancel(&self) {
        self.0.iter().for_each(Worker::cancel);
    }
}

/// A piece that a worker is at.
struct Open {
    number: usize,
    worker: usize,
    answer: Pin<Box<dyn Future<Output = Answer>>>,
}

/// Waits for whichever is answered first, and takes it out.
async fn first_of(open: &mut Vec<Open>) -> (usize, Answer) {
    std::future::poll_fn(|context| {
        for place in 0..open.len() {
            if let Poll::Ready(answer) = open[place].answer.as_mut().poll(context) {
                return Poll::Ready((open.swap_remove(place).number, answer));
            }
        }
        Poll::Pending
    })
    .await
}

/// Bytes that were handed over.
fn unpacked((text, load): (String, JsValue)) -> (String, Vec<u8>) {
    let bytes = load.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec());
    (text, bytes.unwrap_or_default())
}

/// By name: web-sys has workers only behind another of its features.
fn make(script: &str) -> Result<EventTarget, JsValue> {
    let class: Function = get(&js_sys::global(), "Worker").dyn_into()?;
    Reflect::construct(&class, &Array::of1(&script.into()))?.dyn_into()
}

impl Running {
    fn send(&mut self, message: JsValue, transfer: Array) {
        if self.is_ready {
            // What cannot be sent is never answered, and time is up for it.
            let _ = call(&self.worker, "postMessage", &[&message, &transfer]);
        } else {
            self.queue.push((message, transfer));
        }
    }
}

impl Inner {
    fn hear(&self, message: &JsValue) {
        let Some(parts) = message.dyn_ref::<Array>() else {
            return;
        };
        let number = parts.get(0).as_f64().unwrap_or(-1.0);
        let text = parts.get(2).as_string().unwrap_or_default();
        if number < 0.0 {
            return self.stop(&WorkerError::NotStarted(text));
        }
        let mut running_guard = self.running.borrow_mut();
        let Some(running) = &mut *running_guard else {
            return;
        };
        if number == 0.0 {
            running.is_ready = true;
            for (message, transfer) in std::mem::take(&mut running.queue) {
                running.send(message, transfer);
            }
            return;
        }
        let place = running
            .waiting
            .iter()
            .position(|(known, _)| f64::from(*known) == number);
        let Some(place) = place else { return };
        // Neither well nor ill: how far it has come.
        if parts.get(1).is_null() {
            let asked = running.waiting[place].1.clone();
            drop(running_guard);
            asked.heard.set(true);
            if let Some(progress) = asked.progress {
                progress(&text);
            }
            return;
        }
        let (_, asked) = running.waiting.swap_remove(place);
        asked.answer.set(if parts.get(1).is_truthy() {
            Ok((text, parts.get(3)))
        } else {
            Err(WorkerError::Refused(text))
        });
    }

    fn stop(&self, why: &WorkerError) {
        let running = self.running.borrow_mut().take();
        if let Some(running) = running {
            let _ = call(&running.worker, "terminate", &[]);
            for (_, asked) in &running.waiting {
                asked.answer.set(Err(why.clone()));
            }
            // The listeners may be what is running right now: they go when that is over.
            wasm_bindgen_futures::spawn_local(async move { drop(running) });
        }
    }
}
