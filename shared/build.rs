//! The migrations are compiled in; cargo does not know which files a macro reads.

fn main() {
    println!("cargo:rerun-if-changed=../migrations");
}
