use super::*;

fn service(text: &str) -> String {
    find(&mut Reading::new(text), &Before::default()).service.unwrap_or_default()
}

#[test]
fn services_as_people_ask_for_them() {
    for (text, expected) in [
        ("I want to get my hair cut", "haircut"),
        ("looking for a good barber, just a fade", "haircut"),
        ("not a haircut, a beard trim", "beard_trim"),
        ("haircut and beard trim", "haircut"),
        ("balayage on long hair", "hair_coloring"),
        ("who can do box braids?", "braiding"),
        ("make up for my wedding", "makeup"),
        ("I need my nails done", "manicure"),
        ("my sink is leaking", "leak_repair"),
        ("the kitchen faucet keeps dripping", "leak_repair"),
        ("clogged toilet", "toilet_repair"),
        ("the sink won't drain", "drain_cleaning"),
        ("sparks from the socket", "electrical_repair"),
        ("an outlet stopped working", "electrical_repair"),
        ("a new outlet in the garage", "outlet_installation"),
        ("Tesla charger at home", "ev_charger_installation"),
        ("can somebody hang a chandelier", "lighting_installation"),
        ("headshots for my team", "portrait_photography"),
        ("newborn pictures", "portrait_photography"),
        ("photographer for our wedding", "wedding_photography"),
        ("photographer for my son's birthday party", "event_photography"),
        ("someone to clean my flat before I move out", "move_out_cleaning"),
        ("I'm looking for a maid", "house_cleaning"),
        ("need my carpets cleaned", "carpet_cleaning"),
        ("deep clean of a 2 bedroom apartment", "deep_cleaning"),
        ("hiarcut", "haircut"),
        ("need a new watter heater", "water_heater_installation"),
        ("a pipe burst in the basement", "pipe_repair"),
        ("photos of my candles for etsy", "product_photography"),
        ("selling our condo, need pictures", "real_estate_photography"),
    ] {
        assert_eq!(service(text), expected, "{text}");
    }
}

#[test]
fn a_trade_alone_is_a_category() {
    let said = find(&mut Reading::new("I need a plumber"), &Before::default());
    assert_eq!((said.service, said.category.as_deref()), (None, Some("plumbing")));
}

#[test]
fn nothing_is_heard_where_nothing_is_said() {
    for text in ["hello there", "what's the weather like?", "thanks, that is very kind", "write me a poem"] {
        assert_eq!(service(text), "", "{text}");
    }
}

#[test]
fn specializations() {
    let said = find(&mut Reading::new("haircut for 3B curls, I also have long hair"), &Before::default());
    assert_eq!(said.specializations, ["3B curls", "long hair"]);
}
