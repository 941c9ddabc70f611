//! An operation: one declaration gives its route, its rule, its limits and its documentation.
//!
//! Every call goes the same way: 401, role, limits, then everything that is wrong with path, query and body at once,
//! then the handler.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, Resource, Scope, web};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use proxie_shared::auth::{Actor, Caller, Rule};
use proxie_shared::db::idempotency::Key;
use proxie_shared::error::{Code, Error, Problem as InputProblem, Result};
use proxie_shared::model::UserId;
use proxie_shared::telemetry;
use sha2::{Digest, Sha256};
use utoipa::openapi::path::HttpMethod;

use super::body::Body;
use super::call::bearer;
use super::deadline::Deadline;
use super::envelope::Trace;
use super::input::{self, Input, Sent};
use super::limits::Budget;
use super::openapi::{Document, Documented};
use super::{Answer, Call, Problem};
use crate::app::App;

/// The most characters of an `Idempotency-Key`.
const KEY_MAX: usize = 255;
/// The header that a key comes in (draft-ietf-httpapi-idempotency-key-header).
pub(super) const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// An operation of the API.
#[derive(Clone)]
pub struct Operation {
    declared: Arc<Declared>,
    serve: Arc<dyn Fn(Arc<Declared>, HttpRequest, Payload) -> LocalBoxFuture<'static, Answer> + Send + Sync>,
}

/// The path of the operation that answered; the router would put it together anew each time.
#[derive(Clone, Copy)]
pub struct Route(pub &'static str);

/// What is declared of an operation.
#[derive(Clone)]
pub struct Declared {
    /// Its method.
    pub method: Method,
    /// Its path, with parameters in braces.
    pub path: &'static str,
    /// Who may call.
    pub rule: Rule,
    /// What a call counts against.
    pub budget: Budget,
    /// Whether it makes something new, and takes an `Idempotency-Key`.
    pub creates: bool,
    /// Whether the token for the metrics is as good as none of a caller's.
    pub takes_metrics_token: bool,
    /// The codes that it answers beside those that follow from the rest.
    pub fails: &'static [Code],
    /// What OpenAPI says of it; large, and asked for once if at all.
    pub document: fn() -> Document,
}

impl Declared {
    /// `METHOD /path`
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The operation of a handler; `_document` is what `#[utoipa::path]` made of it.
pub fn operation<D, A, P, Q, B, H, F>(_document: D, handler: H) -> Operation
where
    D: Documented,
    A: Caller,
    P: Input,
    Q: Input,
    B: Body,
    H: Fn(Call<A, P, Q, B>) -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Answer> + 'static,
{
    let method = D::methods().first().map_or(Method::GET, of_openapi);
    let budget = if A::RULE == Rule::Public && method == Method::GET {
        Budget::Free
    } else if method == Method::GET {
        Budget::Reads
    } else {
        Budget::Writes
    };
    let declared = Declared {
        // Once a process: the table is built at start.
        path: D::path().leak(),
        rule: A::RULE,
        budget,
        creates: false,
        takes_metrics_token: false,
        fails: &[],
        document: Document::of::<D, P, Q, B>,
        method,
    };
    let serve = move |declared: Arc<Declared>, request: HttpRequest, payload: Payload| {
        let answering = async move {
            let app =
                request.app_data::<web::Data<App>>().cloned().ok_or_else(|| Error::new(Code::Internal))?;
            let mut deadline = Deadline::new(app.request);
            // Boxed, as below: thousands of long polls wait in here, and these are over by then.
            let admitted = deadline.run(Box::pin(admit::<A>(&declared, &app, &request))).await?;
            let counting = Box::pin(count(declared.budget, app.clone(), admitted.actor, request.clone()));
            if declared.budget == Budget::Reads {
                // What changes nothing may go on before it is known whether it is one too many.
                let answering = async {
                    let reading = read::<A, P, Q, B>(&declared, &app, admitted, &request, payload);
                    let (call, wait) = Box::pin(reading).await?;
                    deadline.extend(wait);
                    deadline.run(Box::pin(handler(call))).await
                };
                // What is wrong with the call counts as well; one too many is not waited for.
                let answering = answering.map(Ok);
                return futures::try_join!(counting, answering)?.1;
            }
            deadline.run(counting).await?;
            Box::pin(answer(&declared, &app, admitted, &request, payload, deadline, handler)).await
        };
        let panicked = |_| Err(Error::new(Code::Internal).because("the handler panicked").into());
        AssertUnwindSafe(answering)
            .catch_unwind()
            .map(move |answer| answer.unwrap_or_else(panicked))
            .boxed_local()
    };
    Operation { declared: Arc::new(declared), serve: Arc::new(serve) }
}

impl Operation {
    /// What is declared.
    pub fn declared(&self) -> &Declared {
        &self.declared
    }

    /// Counts calls against another budget than its method's.
    #[must_use]
    pub fn counts(self, budget: Budget) -> Self {
        self.with(|declared| declared.budget = budget)
    }

    /// Makes something new: takes an `Idempotency-Key`.
    #[must_use]
    pub fn creates(self) -> Self {
        self.with(|declared| declared.creates = true)
    }

    /// Takes the token for the metrics as `Authorization: Bearer`, as Prometheus sends it.
    #[must_use]
    pub fn takes_metrics_token(self) -> Self {
        self.with(|declared| declared.takes_metrics_token = true)
    }

    /// Answers these codes too.
    #[must_use]
    pub fn fails(self, codes: &'static [Code]) -> Self {
        self.with(|declared| declared.fails = codes)
    }

    /// Answers a request, and notes by which route.
    pub fn answer(&self, request: HttpRequest, payload: web::Payload) -> LocalBoxFuture<'static, Answer> {
        request.extensions_mut().insert(Route(self.declared.path));
        (self.serve)(Arc::clone(&self.declared), request, payload.into_inner())
    }

    fn with(mut self, change: impl FnOnce(&mut Declared)) -> Self {
        change(Arc::make_mut(&mut self.declared));
        self
    }
}

/// Counts a call, and refuses one too many.
async fn count(
    budget: Budget,
    app: web::Data<App>,
    actor: Option<Actor>,
    request: HttpRequest,
) -> Answer<()> {
    let counted = budget.counted(actor.as_ref(), app.address(&request));
    Ok(app.count(&request, &counted).await?)
}

/// Who calls, as the operation's rule admits them and as they are.
struct Admitted<A> {
    caller: A,
    actor: Option<Actor>,
}

async fn admit<A: Caller>(declared: &Declared, app: &App, request: &HttpRequest) -> Answer<Admitted<A>> {
    let actor = match bearer(request.headers())? {
        Some(token) if declared.takes_metrics_token && app.is_metrics_token(token) => None,
        Some(token) => Some(app.auth.authenticate(token).await?),
        None => None,
    };
    if let Some(actor) = &actor {
        telemetry::caller(actor.user_id());
    }
    Ok(Admitted { caller: caller::<A>(declared, app, actor)?, actor })
}

/// Reads what is sent, and answers.
async fn answer<A, P, Q, B, H, F>(
    declared: &Declared,
    app: &web::Data<App>,
    admitted: Admitted<A>,
    request: &HttpRequest,
    payload: Payload,
    mut deadline: Deadline,
    handler: H,
) -> Answer
where
    P: Input,
    Q: Input,
    B: Body,
    H: Fn(Call<A, P, Q, B>) -> F,
    F: Future<Output = Answer>,
{
    let (call, wait) = read(declared, app, admitted, request, payload).await?;
    deadline.extend(wait);
    // Boxed: what is handed from future to future by value has room in each of them.
    let Some(key) = call.key.clone() else { return deadline.run(Box::pin(handler(call))).await };
    let work = Box::pin(async {
        let answer = handler(call).await;
        if let Err(problem) = &answer {
            app.domain.keep_refusal(&key, &problem.error).await;
        }
        answer
    });
    deadline.run_after_first(&app.domain, work).await
}

/// The call as a handler takes it, and how long its caller wants to wait.
async fn read<A, P: Input, Q: Input, B: Body>(
    declared: &Declared,
    app: &web::Data<App>,
    admitted: Admitted<A>,
    request: &HttpRequest,
    payload: Payload,
) -> Answer<(Call<A, P, Q, B>, Duration)> {
    let (name, problems) = match key(declared, admitted.actor.as_ref(), request) {
        Ok(name) => (name, Vec::new()),
        Err(problem) => (None, vec![problem]),
    };
    let actor = admitted.actor.as_ref();
    let fingerprint = name.map(|_| |body: &[u8]| fingerprint(request, body));
    let sent = input::read::<P, Q, B>(app, actor, request, payload, fingerprint, problems).await?;
    let wait = sent.query.wait() + B::wait(app);
    let key = name.zip(sent.fingerprint.clone()).map(|((user_id, name), sent)| Key {
        user_id,
        route: declared.name(),
        key: name.to_owned(),
        sent,
    });
    Ok((call(app, admitted, key, sent, request), wait))
}

/// The call as a handler takes it.
fn call<A, P, Q, B>(
    app: &web::Data<App>,
    admitted: Admitted<A>,
    key: Option<Key>,
    sent: Sent<P, Q, B>,
    request: &HttpRequest,
) -> Call<A, P, Q, B> {
    Call {
        actor: admitted.caller,
        key,
        path: sent.path,
        query: sent.query,
        body: sent.body,
        app: app.clone(),
        trace_id: request.extensions().get::<Trace>().map(|t| t.trace_id.clone()).unwrap_or_default(),
        address: app.address(request),
        request: request.clone(),
    }
}

#[cfg(not(feature = "mutation"))]
fn caller<A: Caller>(_declared: &Declared, _app: &App, actor: Option<Actor>) -> Result<A> {
    A::admitted(actor)
}

/// With the rule that a test has switched off forgotten.
#[cfg(feature = "mutation")]
fn caller<A: Caller>(declared: &Declared, app: &App, actor: Option<Actor>) -> Result<A> {
    if app.switched_off.as_deref() == Some(&declared.name()) {
        return Ok(A::admitted_unchecked(actor));
    }
    A::admitted(actor)
}

/// Whose key the call has, where one counts: on operations that create, of callers with a token.
fn key<'a>(
    declared: &Declared,
    actor: Option<&Actor>,
    request: &'a HttpRequest,
) -> Result<Option<(UserId, &'a str)>, InputProblem> {
    let header = request.headers().get(IDEMPOTENCY_KEY).filter(|_| declared.creates);
    let Some((header, actor)) = header.zip(actor) else { return Ok(None) };
    let sane = |key: &&str| (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    let key = header.to_str().ok().filter(sane).ok_or_else(|| {
        let message = "An Idempotency-Key has 1 to 255 visible ASCII characters, such as a UUID.";
        InputProblem::new("/header/Idempotency-Key", message)
    })?;
    Ok(Some((actor.user_id(), key)))
}

/// Tells calls with the same key apart.
fn fingerprint(request: &HttpRequest, body: &[u8]) -> Vec<u8> {
    let mut sent = Sha256::new();
    sent.update(request.path().as_bytes());
    sent.update([0]);
    sent.update(body);
    sent.finalize().to_vec()
}

fn of_openapi(method: &HttpMethod) -> Method {
    match method {
        HttpMethod::Get => Method::GET,
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Patch => Method::PATCH,
        HttpMethod::Delete => Method::DELETE,
        _ => Method::OPTIONS,
    }
}

/// Routes every operation, and tells at each address which methods there are. What can be read answers `HEAD` too
/// (RFC 9110 §9.3.2): as `GET`; the server leaves out the body.
///
/// Addresses are tried one after the other: first by how they begin, so that each call is compared with few. What begins alike is
/// under one scope: of two, the second would never be asked.
pub fn route(operations: &[Operation], app: &mut web::ServiceConfig) {
    let mut sorted: Vec<&Operation> = operations.iter().collect();
    // `{` sorts after letters: what is written out comes before what is a parameter.
    sorted.sort_by_key(|operation| operation.declared.path);
    let mut by_segment: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in sorted {
        by_segment.entry(first_segment(operation.declared.path)).or_default().push(operation);
    }
    for (segment, operations) in by_segment {
        let at = operations.chunk_by(|a, b| a.declared.path == b.declared.path);
        let resources = at.map(|operations| resource(segment, operations));
        app.service(resources.fold(web::scope(segment), Scope::service));
    }
}

/// `/providers` of `/providers/{provider_id}`.
fn first_segment(path: &str) -> &str {
    let end = path.get(1..).and_then(|rest| rest.find('/')).map_or(path.len(), |at| at + 1);
    path.get(..end).unwrap_or(path)
}

/// The operations of one address, below a segment.
fn resource(segment: &str, operations: &[&Operation]) -> Resource {
    let path = operations[0].declared.path.strip_prefix(segment).unwrap_or_default();
    let mut resource = web::resource(path);
    let mut allow = Vec::new();
    for operation in operations {
        for method in methods(&operation.declared.method) {
            let served = (*operation).clone();
            let answer = move |request, payload| served.answer(request, payload);
            resource = resource.route(web::method(method.clone()).to(answer));
            allow.push(method.as_str());
        }
    }
    let allow = HeaderValue::from_str(&allow.join(", ")).ok();
    let refuse = move || {
        let problem = Problem::from(Code::MethodNotAllowed);
        let problem = match allow.clone() {
            Some(allow) => problem.with(ALLOW, allow),
            None => problem,
        };
        async move { Err::<HttpResponse, _>(problem) }
    };
    resource.default_service(web::to(refuse))
}

/// The methods by which an operation is called.
fn methods(declared: &Method) -> &[Method] {
    if declared == Method::GET { &[Method::GET, Method::HEAD] } else { std::slice::from_ref(declared) }
}
