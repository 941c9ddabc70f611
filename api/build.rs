//! Takes ReDoc's script, an npm package that bin/setup installs, into the binary.

use std::path::Path;
use std::{env, fs};

const SCRIPT: &str = "../.dev/tools/redoc-2.5.4/redoc.standalone.js";

fn main() {
    println!("cargo:rerun-if-changed={SCRIPT}");
    let Ok(out) = env::var("OUT_DIR") else { return };
    let out = Path::new(&out).join("redoc.standalone.js");
    // Without it everything else is built all the same.
    let script = fs::read(SCRIPT).unwrap_or_else(|_| {
        println!("cargo:warning=ReDoc is not installed, so /api/redoc will be empty: run bin/setup");
        b"document.body.textContent = 'ReDoc was not installed when this was built; see /api/docs instead.'"
            .to_vec()
    });
    if let Err(error) = fs::write(out, script) {
        println!("cargo:error=cannot write ReDoc's script: {error}");
    }
}
