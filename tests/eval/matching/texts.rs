//! Sentences of people, without what they are about: that is put in for `{}`.

/// First names.
pub const FIRST: [&str; 20] = [
    "Alma", "Ben", "Carmen", "Dario", "Esther", "Farid", "Gloria", "Hugo", "Ines", "Jamal", "Keiko", "Luis",
    "Marta", "Noor", "Otis", "Paula", "Quinn", "Rosa", "Samir", "Tessa",
];
/// Family names.
pub const LAST: [&str; 18] = [
    "Abbott", "Begay", "Castillo", "Dunn", "Escobar", "Fuentes", "Garza", "Hale", "Ibarra", "Jensen", "Kim",
    "Lopez", "Moreno", "Nguyen", "Ortega", "Patel", "Reyes", "Stone",
];

/// What anybody says of themselves, which tells nothing.
pub const SMALL_TALK: [&str; 14] = [
    "Family business, born and raised in Arizona.",
    "I answer my phone and I show up.",
    "Fair quotes, no surprises.",
    "Fully insured.",
    "Friendly, tidy and on time.",
    "I treat every job as if it were for my own mother.",
    "Se habla español.",
    "Ask me anything before you book.",
    "Happy to take small jobs.",
    "References on request.",
    "I love what I do and it shows.",
    "Satisfaction guaranteed or I come back.",
    "New clients are always welcome.",
    "Evenings and weekends by arrangement.",
];
/// What a provider says of what they are good at.
pub const GOOD_AT: [&str; 8] = [
    "Known for {}.",
    "My speciality: {}.",
    "A lot of my week is {}.",
    "People find me for one thing: {}.",
    "Trained in {}, and still learning.",
    "Ask me about {}.",
    "Years of practice with {}.",
    "What I enjoy most: {}.",
];
/// Under what a provider stands.
pub const HEADLINES: [&str; 6] = [
    "Your neighbour for {}",
    "{}, done right",
    "Honest {}",
    "{} with care",
    "{} across the valley",
    "Quality {} at a fair price",
];
/// How a service is described.
pub const OFFERED: [&str; 5] = [
    "Includes a short talk beforehand about what you would like.",
    "Price depends on the size of the job.",
    "I bring everything that is needed.",
    "",
    "",
];

/// How a request begins.
pub const WANTED: [&str; 6] = [
    "Looking for help soon.",
    "Hi! Hoping to find somebody good.",
    "First time booking here.",
    "My usual person has moved away.",
    "Friends told me to try this.",
    "",
];
/// How people say what it is about.
pub const ABOUT: [&str; 7] = [
    "It's about {}.",
    "Should really know {}.",
    "Main thing: {}.",
    "Please have experience with {}.",
    "The topic is {}.",
    "Think {}.",
    "Need somebody who gets {}.",
];
/// How a request ends.
pub const REMARKS: [&str; 7] = [
    "Parking is easy.",
    "Text me first, please.",
    "I am flexible within reason.",
    "Can send pictures.",
    "Quality matters more to me than speed.",
    "Nothing fancy.",
    "",
];
