//! Takes what npm installed or built into the binary: ReDoc's script (bin/setup) and the web client (bin/web).

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

const REDOC: &str = "../.dev/tools/redoc-2.5.4/redoc.standalone.js";
const CLIENT: &str = "web/dist";

fn main() -> io::Result<()> {
    let out =
        PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo names no OUT_DIR"))?);
    println!("cargo:rerun-if-changed={REDOC}");
    println!("cargo:rerun-if-changed={CLIENT}");
    // Without either everything else is built all the same.
    let script = fs::read(REDOC).unwrap_or_else(|_| {
        println!("cargo:warning=ReDoc is not installed, so /api/redoc will be empty: run bin/setup");
        b"document.body.textContent = 'ReDoc was not installed when this was built; see /api/docs instead.'"
            .to_vec()
    });
    fs::write(out.join("redoc.standalone.js"), script)?;
    fs::write(out.join("client.rs"), client()?)
}

/// The client's files as an expression: an array of pairs, name and content.
fn client() -> io::Result<String> {
    let root = Path::new(CLIENT);
    if !root.is_dir() {
        println!("cargo:warning=the web client is not built, so /app/ will say so: run bin/web");
        return Ok("[]".to_owned());
    }
    let root = fs::canonicalize(root)?;
    let mut files = Vec::new();
    collect(&root, &mut files)?;
    files.sort();
    let mut table = String::from("[\n");
    for file in files {
        let name = file.strip_prefix(&root).map_err(io::Error::other)?.components();
        let name: Vec<_> = name.map(|part| part.as_os_str().to_string_lossy()).collect();
        table += &format!("({:?}, include_bytes!({file:?}).as_slice()),\n", name.join("/"));
    }
    Ok(table + "]")
}

/// All files below a folder. What the bundler writes for other programs is none of the client.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name == OsStr::new(".vite")) {
            continue;
        }
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
