//! Tokens made to get in: each in the table has a name, and none does.

use aws_lc_rs::signature::{RSA_PKCS1_SHA512, RSA_PSS_SHA256};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD as BASE64};
use serde_json::{Value, json};

use super::Scene;
use crate::support::{PARTY, SECRET, Signer, StandIn, assert_problem, compact, hmac, with};

type Cases = Vec<(String, String)>;

impl Scene {
    /// Signed as it should be, with another header.
    fn with_header(&self, other: Value) -> String {
        self.ec.token_with(&with(&self.ec.header(), &other), &self.claims(json!({})))
    }

    /// Signed as it should be, with other claims.
    fn with_claims(&self, other: Value) -> String {
        self.ec.token(&self.claims(other))
    }

    /// Signed as it should be, of texts that need not be JSON.
    fn of_texts(&self, header: impl AsRef<[u8]>, claims: impl AsRef<[u8]>) -> String {
        compact(header, claims, |message| self.ec.sign(message))
    }
}

/// Unsigned, or signed with what everybody knows.
fn without_a_secret(scene: &Scene) -> Cases {
    let mut cases = Cases::new();
    let claims = scene.claims(json!({})).to_string();
    let genuine = scene.good().rsplit_once('.').unwrap().1.to_owned();
    for alg in ["none", "None", "NONE", "nOnE", "", "null", "HS256\u{0}"] {
        let header = with(&scene.ec.header(), &json!({"alg": alg})).to_string();
        let token = compact(&header, &claims, |_| Vec::new());
        cases.push((format!("alg {alg:?} with a signature"), format!("{token}{genuine}")));
        cases.push((format!("alg {alg:?} without a signature"), token));
    }
    for key in [&scene.rsa, &scene.ec, &scene.ed] {
        for (number, form) in key.public_forms().iter().enumerate() {
            for alg in ["HS256", key.algorithm()] {
                let header = with(&key.header(), &json!({"alg": alg})).to_string();
                let token = compact(header, &claims, |message| hmac(form, message));
                cases.push((format!("{alg} by HMAC with public key {} in form {number}", key.kid), token));
            }
        }
    }
    for secret in [&b""[..], b"\0", b"secret", SECRET.as_bytes(), b"published"] {
        for kid in [json!("ec-1"), json!("shared"), json!("../../dev/null"), Value::Null] {
            let header = with(&scene.ec.header(), &json!({"alg": "HS256", "kid": kid})).to_string();
            let name = format!("HS256 with the secret {:?} as {kid}", String::from_utf8_lossy(secret));
            cases.push((name, compact(header, &claims, |message| hmac(secret, message))));
        }
    }
    let zeros = |key: &Signer, length| compact(key.header().to_string(), &claims, |_| vec![0; length]);
    cases.push(("a psychic signature: zeros by ES256".into(), zeros(&scene.ec, 64)));
    cases.push(("zeros in DER by ES256".into(), {
        compact(scene.ec.header().to_string(), &claims, |_| vec![0x30, 6, 2, 1, 0, 2, 1, 0])
    }));
    cases.push(("zeros by EdDSA".into(), zeros(&scene.ed, 64)));
    cases.push(("zeros by RS256".into(), zeros(&scene.rsa, 256)));
    for key in [&scene.rsa, &scene.ec, &scene.ed] {
        cases.push((format!("no signature by {}", key.algorithm()), zeros(key, 0)));
        let doubled = compact(key.header().to_string(), &claims, |message| key.sign(message).repeat(2));
        cases.push((format!("a signature twice by {}", key.algorithm()), doubled));
    }
    cases
}

/// Algorithms and keys that do not belong together, or are not taken.
fn with_other_algorithms(scene: &Scene, encrypts: &Signer, stranger: &Signer, evil: &StandIn) -> Cases {
    let mut cases = Cases::new();
    let mut case = |name: &str, token: String| cases.push((name.to_owned(), token));
    let claims = scene.claims(json!({})).to_string();
    let header = |key: &Signer, alg: &str| with(&key.header(), &json!({"alg": alg})).to_string();
    let rsa = &scene.rsa;
    case(
        "RS512 by an RS256 key",
        compact(header(rsa, "RS512"), &claims, |m| rsa.sign_rsa(&RSA_PKCS1_SHA512, m)),
    );
    case(
        "PS256 by an RS256 key",
        compact(header(rsa, "PS256"), &claims, |m| rsa.sign_rsa(&RSA_PSS_SHA256, m)),
    );
    case("RS256 that is PS256", compact(header(rsa, "RS256"), &claims, |m| rsa.sign_rsa(&RSA_PSS_SHA256, m)));
    case("RS256 by an EC key", scene.with_header(json!({"alg": "RS256"})));
    case("ES384 by a P-256 key", scene.with_header(json!({"alg": "ES384"})));
    case("ES256 by an RSA key", compact(header(rsa, "ES256"), &claims, |m| rsa.sign(m)));
    case("EdDSA by an EC key", scene.with_header(json!({"alg": "EdDSA"})));
    case("no alg", scene.with_header(json!({"alg": null})));
    for alg in
        [json!("es256"), json!("ES256 "), json!(["ES256"]), json!(256), json!({"ES256": 1}), json!("ES256K")]
    {
        case(&format!("alg {alg}"), scene.with_header(json!({"alg": alg})));
    }
    case("a key for encryption", encrypts.token(&scene.claims(json!({}))));
    for (name, kid) in [
        ("none of several", Value::Null),
        ("another's", json!("rsa-1")),
        ("unknown", json!("ec-2")),
        ("in other case", json!("EC-1")),
        ("empty", json!("")),
        ("a number", json!(1)),
        ("an array", json!(["ec-1"])),
        ("a path", json!("../../dev/null")),
        ("an absolute path", json!("/proc/sys/kernel/randomize_va_space")),
        ("SQL", json!("ec-1' UNION SELECT 'c2VjcmV0' --")),
        ("a shell's", json!("ec-1; touch /tmp/pwned; $(id) `id` | id")),
        ("a URL", json!(format!("{}/jwks", evil.name()))),
        ("with a zero byte", json!("ec-1\0")),
        ("long", json!("k".repeat(5_000))),
    ] {
        case(&format!("kid {name}"), scene.with_header(json!({"kid": kid})));
    }
    // A stranger's key, brought along or pointed at, under its own name and the known one.
    let url = format!("{}/jwks", evil.name());
    for kid in ["ec-1", "evil"] {
        for (name, member) in [
            ("none", json!({})),
            ("jwk", json!({"jwk": stranger.jwk()})),
            ("jku", json!({"jku": url})),
            ("x5u", json!({"x5u": url})),
            ("x5c", json!({"x5c": [BASE64_STANDARD.encode("not a certificate")]})),
            ("jku at the issuer", json!({"jku": format!("{}@{}/jwks", scene.issuer.name(), evil.name())})),
        ] {
            let header = with(&with(&stranger.header(), &json!({"kid": kid})), &member);
            let token = stranger.token_with(&header, &scene.claims(json!({})));
            case(&format!("a stranger's key as {kid} with the hint: {name}"), token);
        }
    }
    case("crit [exp]", scene.with_header(json!({"crit": ["exp"]})));
    case("crit b64", scene.with_header(json!({"crit": ["b64"], "b64": false})));
    case("crit []", scene.with_header(json!({"crit": []})));
    case("crit null", scene.of_texts(r#"{"alg":"ES256","kid":"ec-1","crit":null}"#, &claims));
    for typ in ["", "JWE", "JOSE", "dpop+jwt", "logout+jwt", "secevent+jwt", "at+jwt ", "application/json"] {
        case(&format!("type {typ:?}"), scene.with_header(json!({"typ": typ})));
    }
    cases
}

/// Signed by the issuer, but not to be believed.
fn with_other_claims(scene: &Scene) -> Cases {
    let mut cases = Cases::new();
    let now = chrono::Utc::now().timestamp();
    let name = scene.issuer.name();
    let case = |name: &str, claims: Value| (name.to_owned(), scene.with_claims(claims));
    for iss in [
        Value::Null,
        json!("https://elsewhere.example"),
        json!(format!("{name}/")),
        json!(name.to_uppercase()),
        json!(format!("{name} ")),
        json!([name]),
        json!(""),
        json!("proxie"),
        json!("proxie/guest"),
    ] {
        cases.push(case(&format!("iss {iss}"), json!({"iss": iss})));
    }
    for aud in
        [Value::Null, json!("another"), json!([]), json!(["another"]), json!(1), json!({"aud": 1}), json!("")]
    {
        cases.push(case(&format!("aud {aud}"), json!({"aud": aud})));
    }
    for azp in
        [Value::Null, json!("https://evil.example"), json!([PARTY]), json!(format!("{PARTY}/")), json!("")]
    {
        cases.push(case(&format!("azp {azp}"), json!({"azp": azp})));
    }
    for exp in [
        Value::Null,
        json!(now - 31),
        json!((now + 60).to_string()),
        json!(true),
        json!(0),
        json!(-1),
        json!([now + 60]),
    ] {
        cases.push(case(&format!("exp {exp}"), json!({"exp": exp})));
    }
    for nbf in [json!(now + 45), json!(1e300), json!(now.to_string())] {
        cases.push(case(&format!("nbf {nbf}"), json!({"nbf": nbf})));
    }
    for iat in [Value::Null, json!(now + 45), json!(now.to_string()), json!(-1e300), json!(1e300)] {
        cases.push(case(&format!("iat {iat}"), json!({"iat": iat})));
    }
    for sub in [
        Value::Null,
        json!(""),
        json!(7),
        json!(["maya"]),
        json!("x".repeat(501)),
        json!("ma\0ya"),
        json!("ma\nya"),
    ] {
        cases.push(case(&format!("sub {sub}"), json!({"sub": sub})));
    }
    cases
}

/// Not of the form of a token, or of a form with two meanings.
fn of_other_forms(scene: &Scene) -> Cases {
    let good = scene.good();
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = message.split_once('.').unwrap();
    let (head, claims) = (scene.ec.header().to_string(), scene.claims(json!({})).to_string());
    let twice = |member: &str| format!("{{{member},{}", &claims[1..]);
    let head_twice = |member: &str| format!("{{{member},{}", &head[1..]);
    let last = signature.chars().last().unwrap();
    let neighbour = BASE64_ALPHABET.find(last).map(|at| &BASE64_ALPHABET[at ^ 1..=at ^ 1]).unwrap();
    let cases: Vec<(&str, String)> = vec![
        ("too long", scene.with_claims(json!({"padding": "x".repeat(8_192)}))),
        ("long garbage", "x".repeat(20_000)),
        ("without its end", good[..good.len() - 10].to_owned()),
        ("without its beginning", good[10..].to_owned()),
        ("two parts", message.to_owned()),
        ("one part", header.to_owned()),
        ("a dot more at the end", format!("{good}.")),
        ("a dot more at the beginning", format!(".{good}")),
        ("a part more", format!("{good}.{signature}")),
        ("five parts, as if encrypted", format!("{header}.{payload}.{signature}.{payload}.{signature}")),
        ("dots", "..".to_owned()),
        ("four dots", "....".to_owned()),
        ("no header", format!(".{payload}.{signature}")),
        ("no claims", format!("{header}..{signature}")),
        ("no signature", format!("{message}.")),
        ("not base64", format!("{header}.{payload}.!!!")),
        ("padded", BASE64_URL_SAFE.encode(&head) + "==." + payload + "." + signature),
        ("of the other alphabet", format!("{header}.{payload}.++//{}", &signature[4..])),
        (
            "other unused bits at the end",
            format!("{message}.{}{neighbour}", &signature[..signature.len() - 1]),
        ),
        ("a space inside", format!("{header} .{payload}.{signature}")),
        ("two, by a space", format!("{good} {good}")),
        ("two, by a comma", format!("{good},{good}")),
        ("two, by a comma and the scheme", format!("{good}, Bearer {good}")),
        ("in quotes", format!("\"{good}\"")),
        ("the scheme twice", format!("Bearer {good}")),
        ("a changed claim", format!("{header}.{}.{signature}", BASE64.encode(claims.replace("maya", "tom")))),
        ("a changed header", format!("{}.{payload}.{signature}", BASE64.encode(format!("{head} ")))),
        ("claims no object", scene.of_texts(&head, "[]")),
        (
            "claims in an array",
            scene.of_texts(&head, json!([scene.issuer.name(), "maya", null, null, 9e9, null, 1]).to_string()),
        ),
        ("claims a string", scene.of_texts(&head, "\"maya\"")),
        ("claims two objects", scene.of_texts(&head, format!("{claims}{claims}"))),
        ("claims with a comma more", scene.of_texts(&head, claims.replace('}', ",}"))),
        ("claims with NaN", scene.of_texts(&head, twice("\"x\":NaN"))),
        ("claims beyond all numbers", scene.of_texts(&head, twice("\"x\":1e999"))),
        ("claims not UTF-8", scene.of_texts(&head, [claims.as_bytes(), b"\xff"].concat())),
        ("claims with a byte order mark", scene.of_texts(&head, format!("\u{feff}{claims}"))),
        (
            "claims of great depth",
            scene.of_texts(&head, twice(&format!("\"x\":{}{}", "[".repeat(2_000), "]".repeat(2_000)))),
        ),
        ("a header in an array", scene.of_texts(r#"["ES256","ec-1",null]"#, &claims)),
        ("a header not JSON", scene.of_texts("alg=ES256", &claims)),
        ("sub twice", scene.of_texts(&head, twice(r#""sub":"admin""#))),
        ("sub twice, once escaped", scene.of_texts(&head, twice(r#""\u0073ub":"admin""#))),
        ("iss twice", scene.of_texts(&head, twice(r#""iss":"https://elsewhere.example""#))),
        ("exp twice", scene.of_texts(&head, twice(r#""exp":1"#))),
        ("aud twice", scene.of_texts(&head, twice(r#""aud":"another""#))),
        ("role twice", scene.of_texts(&head, twice(r#""role":"consumer","role":"provider""#))),
        (
            "a role twice inside",
            scene.of_texts(&head, twice(r#""public_metadata":{"role":"consumer","role":"provider"}"#)),
        ),
        ("what nobody reads twice", scene.of_texts(&head, twice(r#""x":1,"x":2"#))),
        ("alg twice", scene.of_texts(head_twice(r#""alg":"none""#), &claims)),
        ("alg twice, once escaped", scene.of_texts(head_twice(r#""\u0061lg":"none""#), &claims)),
        ("kid twice", scene.of_texts(head_twice(r#""kid":"evil""#), &claims)),
    ];
    cases.into_iter().map(|(name, token)| (name.to_owned(), token)).collect()
}

const BASE64_ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Ours passed off as theirs, and theirs as ours.
fn of_confused_issuers(scene: &Scene) -> Cases {
    let mut cases = Cases::new();
    let ours = json!({"alg": "HS256", "typ": "at+jwt"});
    let theirs = scene.claims(json!({})).to_string();
    let by_secret = |header: &Value, claims: &str| {
        compact(header.to_string(), claims, |message| hmac(SECRET.as_bytes(), message))
    };
    cases.push(("theirs, signed with our secret".into(), by_secret(&ours, &theirs)));
    let named = with(&ours, &json!({"kid": "ec-1"}));
    cases.push(("theirs, signed with our secret as their key".into(), by_secret(&named, &theirs)));
    for iss in ["proxie", "proxie/guest"] {
        let claims = scene.claims(json!({"iss": iss, "aud": "proxie-api", "role": "admin"}));
        for typ in ["JWT", "at+jwt"] {
            for key in [&scene.rsa, &scene.ec, &scene.ed] {
                let header = with(&key.header(), &json!({"typ": typ}));
                cases.push((
                    format!("{iss}, signed by {} as {typ}", key.kid),
                    key.token_with(&header, &claims),
                ));
            }
        }
        let (plain, untyped) = (with(&ours, &json!({"typ": "JWT"})), with(&ours, &json!({"typ": null})));
        cases.push((format!("{iss} of a foreign type"), by_secret(&plain, &claims.to_string())));
        cases.push((format!("{iss} of no type"), by_secret(&untyped, &claims.to_string())));
        let wrong = with(&claims, &json!({"aud": ["proxie-api", "another"]}));
        cases.push((format!("{iss} for several"), by_secret(&ours, &wrong.to_string())));
        let critical = with(&ours, &json!({"crit": ["exp"]}));
        cases.push((format!("{iss} with crit"), by_secret(&critical, &claims.to_string())));
        let doubled = format!("{{\"sub\":\"x\",{}", &claims.to_string()[1..]);
        cases.push((format!("{iss} with sub twice"), by_secret(&ours, &doubled)));
    }
    cases
}

#[tokio::test]
async fn hostile_tokens_do_not_get_in() {
    let (encrypts, stranger) = (Signer::ec("enc"), Signer::ec("evil"));
    // Among the keys are some that must never be used.
    let secret = json!({"kty": "oct", "kid": "shared", "alg": "HS256", "k": BASE64.encode("published")});
    let scene = Scene::start_with(vec![secret, with(&encrypts.jwk(), &json!({"use": "enc"}))]).await;
    let evil = StandIn::start(vec![stranger.jwk()]).await;
    scene.shown(&scene.good()).await.expect(200);

    let cases = [
        without_a_secret(&scene),
        with_other_algorithms(&scene, &encrypts, &stranger, &evil),
        with_other_claims(&scene),
        of_other_forms(&scene),
        of_confused_issuers(&scene),
    ]
    .concat();
    let mut passed = Vec::new();
    for (name, token) in &cases {
        let answer = scene.shown(token).await;
        match answer.status {
            401 => assert_problem!(answer, 401, "unauthenticated"),
            status => passed.push(format!("{name}: {status}")),
        }
    }
    println!("figure: {} hostile tokens refused", cases.len() - passed.len());
    assert!(passed.is_empty(), "{passed:#?}");
    assert_eq!(scene.app.database.value("SELECT count(*) FROM users").await, 1, "nobody was made but maya");
    assert_eq!(evil.calls(), 0, "nobody asks where a token points");
    assert!(scene.issuer.calls() <= 2, "unknown keys: asked {} times", scene.issuer.calls());
    scene.shown(&scene.good()).await.expect(200);
}
