//! The signing program: keys, signed records and their checking, away from the page and apart from
//! the heavier `worker.rs`, so that who signs once waits for little.
//!
//! It is asked what [`xuedang::format::credential::orders`] lists, in the messages of
//! [`xuedang::worker`]. It learns the time from the page and draws randomness itself.

use std::cell::OnceCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use xuedang::format::credential::bulk::By;
use xuedang::format::credential::orders::{self, OPEN_MANY, VERIFY, VERIFY_MANY};
use xuedang::worker::checking::Checker;
use xuedang::worker::{Answer, Order, random, serve};

fn main() {
    let quickest: Rc<OnceCell<Checker>> = Rc::default();
    serve(move |order| {
        if [VERIFY, VERIFY_MANY, OPEN_MANY].contains(&order.what.as_str()) {
            let quickest = Rc::clone(&quickest);
            spawn_local(async move {
                let answer = check(&order, &quickest).await;
                order.answer(answer);
            });
        } else {
            let done = orders::carry_out(&order.what, &order.text, &order.bytes, &mut random);
            let answer = done.unwrap_or_else(|| order.unknown());
            order.answer(answer);
        }
    });
}

/// Checks one or many. The browser is asked what it can when it is first needed.
async fn check(order: &Order, quickest: &OnceCell<Checker>) -> Answer {
    let checker = match quickest.get() {
        Some(checker) => checker.clone(),
        None => {
            let found = Checker::find().await;
            quickest.get_or_init(|| found).clone()
        }
    };
    if order.what == VERIFY {
        let report = checker.verify(&order.bytes).await?;
        return Ok(orders::write_report(&report));
    }
    let (many, records) = orders::read_many(&order.text, &order.bytes)?;
    let checker = match many.by {
        By::Quickest => checker,
        By::Program => Checker::program(),
        By::Browser if checker.by() == By::Browser => checker,
        By::Browser => return Err(orders::NOT_BY_BROWSER.into()),
    };
    if order.what == OPEN_MANY {
        return Ok(orders::write_opened(&checker.open_many(&records).await));
    }
    let found = checker.verify_many(&records, many.brief).await;
    Ok(orders::write_found(&found))
}
