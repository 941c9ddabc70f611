//! What is compiled in from folders: cargo does not know which files a macro reads, and a macro not which files there are.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

const KNOWLEDGE: &str = "src/agent/specialists/knowledge";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=../migrations");
    println!("cargo:rerun-if-changed={KNOWLEDGE}");
    let out: PathBuf = env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?.into();
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join(KNOWLEDGE);
    let (mut files, mut cases) = (String::new(), String::new());
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "json")) {
        println!("cargo:rerun-if-changed={}", path.display());
        let name = path.file_name().and_then(|name| name.to_str()).ok_or("a name that is no text")?;
        let list = if name.ends_with(".cases.json") { &mut cases } else { &mut files };
        list.push_str(&format!("    ({name:?}, include_str!({path:?})),\n"));
    }
    let list = |name: &str, what: &str, entries: &str| {
        format!("/// {what}\n{name}: &[(&str, &str)] = &[\n{entries}];\n")
    };
    let listed = list("const FILES", "Each file of knowledge: its name and its text.", &files)
        + &list("#[cfg(test)]\nconst CASES", "Each file of worked cases: its name and its text.", &cases);
    fs::write(out.join("specialists.rs"), listed)?;
    Ok(())
}
