//! x
use proxie_offline_llm::concierge::words::stem;
fn main(){ for w in std::env::args().skip(1){ println!("{w} {}", stem(&w)); } }
