//! A store that speaks as much of S3's protocol as is asked of it, and keeps everything in memory.

use std::collections::{BTreeMap, HashMap};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::http::{Method, StatusCode};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use proxie_shared::config::{S3Config, Secret, StoreConfig};

/// Who may call.
const KEY: &str = "a-key-id";

/// A bucket, served on a free port for as long as the test runs.
#[derive(Clone)]
pub struct Bucket {
    kept: Arc<Kept>,
    url: String,
}

#[derive(Default)]
struct Kept {
    objects: Mutex<HashMap<String, web::Bytes>>,
    /// Uploads in parts, by their id.
    parts: Mutex<HashMap<String, BTreeMap<u32, web::Bytes>>>,
    calls: Mutex<Vec<String>>,
    away: Mutex<bool>,
}

impl Bucket {
    /// An empty bucket. Must be called in the runtime of a test.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let kept = Arc::new(Kept::default());
        let data = web::Data::from(Arc::clone(&kept));
        let server = HttpServer::new(move || {
            let large = web::PayloadConfig::new(200 * 1_024 * 1_024);
            App::new().app_data(data.clone()).app_data(large).default_service(web::to(answer))
        });
        let server = server.workers(1).disable_signals().listen(listener).expect("it listens").run();
        std::thread::spawn(move || actix_web::rt::System::new().block_on(server));
        Self { kept, url }
    }

    /// How the product is told of it.
    pub fn config(&self) -> StoreConfig {
        StoreConfig::S3(S3Config {
            bucket: "photos".to_owned(),
            endpoint: Some(self.url.clone()),
            region: "eu-central-1".to_owned(),
            key_id: KEY.to_owned(),
            secret: Secret::new("a secret of the bucket"),
        })
    }

    /// The names of what is in it.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.kept.objects.lock().unwrap().keys().cloned().collect();
        names.sort();
        names
    }

    /// What was asked of it, as `METHOD query`.
    pub fn calls(&self) -> Vec<String> {
        self.kept.calls.lock().unwrap().clone()
    }

    /// Answers nothing but 503 from now on, or is back.
    pub fn away(&self, away: bool) {
        *self.kept.away.lock().unwrap() = away;
    }
}

async fn answer(kept: web::Data<Kept>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let signed =
        request.headers().get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !signed.starts_with(&format!("AWS4-HMAC-SHA256 Credential={KEY}/"))
        || !signed.contains("eu-central-1/s3")
    {
        return HttpResponse::Forbidden().finish();
    }
    if *kept.away.lock().unwrap() {
        return HttpResponse::ServiceUnavailable().finish();
    }
    kept.calls.lock().unwrap().push(format!("{} {}", request.method(), request.query_string()));
    let query: HashMap<String, String> =
        web::Query::from_query(request.query_string()).map(web::Query::into_inner).unwrap_or_default();
    let Some(name) = request.path().strip_prefix("/photos/").map(str::to_owned) else {
        return HttpResponse::NotFound().finish();
    };
    let mut objects = kept.objects.lock().unwrap();
    let mut parts = kept.parts.lock().unwrap();
    let upload = query.get("uploadId");
    match (request.method(), upload) {
        (&Method::POST, None) if query.contains_key("uploads") => {
            let id = format!("upload-{}", parts.len());
            parts.insert(id.clone(), BTreeMap::new());
            HttpResponse::Ok().body(format!(
                "<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>"
            ))
        }
        (&Method::PUT, Some(id)) => {
            let number = query["partNumber"].parse().expect("a number");
            parts.get_mut(id).expect("an upload").insert(number, body);
            HttpResponse::Ok().insert_header(("etag", format!("\"{number}\""))).finish()
        }
        (&Method::POST, Some(id)) => {
            let whole: Vec<u8> = parts.remove(id).expect("an upload").into_values().flatten().collect();
            objects.insert(name, whole.into());
            HttpResponse::Ok()
                .body("<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>")
        }
        (&Method::DELETE, Some(id)) => {
            parts.remove(id);
            HttpResponse::NoContent().finish()
        }
        (&Method::PUT, None) => {
            objects.insert(name, body);
            HttpResponse::Ok().insert_header(("etag", "\"one\"")).finish()
        }
        (&Method::DELETE, None) => {
            objects.remove(&name);
            HttpResponse::NoContent().finish()
        }
        (&Method::GET, None) => match objects.get(&name) {
            Some(object) => part(&request, object),
            None => HttpResponse::NotFound().body("<Error><Code>NoSuchKey</Code></Error>"),
        },
        _ => HttpResponse::NotImplemented().finish(),
    }
}

fn part(request: &HttpRequest, object: &web::Bytes) -> HttpResponse {
    let range = request.headers().get("range").and_then(|range| range.to_str().ok()?.strip_prefix("bytes="));
    let range = range.and_then(|range| range.split_once('-'));
    let mut response = HttpResponse::Ok();
    response
        .insert_header(("etag", "\"one\""))
        .insert_header(("last-modified", "Wed, 25 Nov 2026 12:00:00 GMT"));
    let Some((from, to)) = range else { return response.body(object.clone()) };
    let (from, to): (usize, usize) = (from.parse().expect("a number"), to.parse().expect("a number"));
    response.status(StatusCode::PARTIAL_CONTENT);
    response.insert_header(("content-range", format!("bytes {from}-{to}/{}", object.len())));
    response.body(object.slice(from..=to))
}
