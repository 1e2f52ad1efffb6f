//! The vault in memory does what every vault must.
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/vault_suite.rs"]
mod suite;

use xuedang::store::memory::MemoryVault;

macro_rules! make {
    ($name:ident) => {
        #[test]
        fn $name() {
            pollster::block_on(suite::$name(MemoryVault::default()));
        }
    };
}
suite::for_each_vault_test!(make);
