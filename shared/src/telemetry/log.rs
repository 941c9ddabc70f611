use std::fmt::{self, Write as _};
use std::io::IsTerminal;

use tracing::{Event, Subscriber};
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, format, layer};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use super::ids;
use crate::config::{LogConfig, LogFormat};

/// What these log is personal: async-openai answers that it cannot read, tokio-postgres at `debug` the values of statements.
const QUIET: [&str; 2] = ["async_openai=off", "tokio_postgres=warn"];

/// Lines on standard error.
pub(super) fn lines(config: &LogConfig) -> impl Layer<Registry> + Send + Sync + use<> {
    let mut filter = EnvFilter::new(&config.filter);
    for quiet in QUIET.into_iter().filter_map(|directive| directive.parse().ok()) {
        filter = filter.add_directive(quiet);
    }
    let (lines, terminal) = (layer().with_writer(std::io::stderr), std::io::stderr().is_terminal());
    let text = config.format == LogFormat::Text;
    let lines = if text {
        lines.event_format(WithIds { format: format().with_ansi(terminal), text }).boxed()
    } else {
        let json = format().json().flatten_event(true).with_current_span(false).with_span_list(false);
        lines.fmt_fields(format::JsonFields::new()).event_format(WithIds { format: json, text }).boxed()
    };
    // Spans are for traces: here they would cost every call some microseconds.
    lines.with_filter(filter.and(filter_fn(|what| what.is_event())))
}

/// A format of lines, with the ids of where we are at their end.
struct WithIds<F> {
    format: F,
    text: bool,
}

impl<S, N, F> FormatEvent<S, N> for WithIds<F>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    N: for<'writer> FormatFields<'writer> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        ctx: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut line = String::with_capacity(512);
        self.format.format_event(ctx, Writer::new(&mut line), event)?;
        line.truncate(line.trim_end().len());
        if !self.text {
            line.pop();
        }
        // Ids hold neither spaces nor quotes.
        ids::each(|name, id| {
            let _never_fails =
                if self.text { write!(line, " {name}={id}") } else { write!(line, r#","{name}":"{id}""#) };
        });
        writeln!(writer, "{line}{}", if self.text { "" } else { "}" })
    }
}
