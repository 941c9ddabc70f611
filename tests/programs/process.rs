//! The processes that are measured: the real programs, started with an environment of their own.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};

use crate::Result;
use crate::http::{self, Connection};

/// How long a program may take to be ready.
const START: Duration = Duration::from_secs(20);

/// A running program; dropping it kills it.
pub struct Process {
    name: String,
    child: Child,
    pid: u32,
}

/// What a process occupies, in MB (10⁶ bytes) of resident memory.
#[derive(Clone, Copy)]
pub struct Memory {
    /// Now.
    pub now: f64,
    /// At most so far.
    pub peak: f64,
}

impl Process {
    /// Starts a program with this environment and no other; what it says goes to `log`.
    pub fn start(
        name: &str,
        program: &Path,
        arguments: &[&str],
        environment: &[(&str, String)],
        log: &Path,
    ) -> Result<Self> {
        let log = File::create(log)?;
        let mut command = tied_to_us(program);
        command.args(arguments).env_clear().envs(environment.iter().cloned());
        for kept in ["PATH", "HOME", "TZ"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).kill_on_drop(true);
        let child =
            command.spawn().map_err(|error| format!("{} does not start: {error}", program.display()))?;
        let pid = child.id().ok_or("it ended at once")?;
        Ok(Self { name: name.to_owned(), child, pid })
    }

    /// Waits until `path` is answered with 200.
    pub async fn ready(&mut self, address: SocketAddr, path: &str) -> Result<()> {
        let request = http::get(path, None);
        let deadline = Instant::now() + START;
        loop {
            self.check()?;
            if let Ok(mut connection) = Connection::open(address).await
                && connection.exchange(&request).await.is_ok_and(|response| response.status == 200)
            {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(format!("{} is not ready after {START:?}", self.name).into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Fails if it has ended.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(format!("{} has ended: {status}; see its log", self.name).into()),
        }
    }

    /// Waits for its good end.
    pub async fn finished(mut self) -> Result<()> {
        let status = self.child.wait().await?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{} failed: {status}; see its log", self.name).into())
        }
    }

    /// What it occupies.
    pub fn memory(&self) -> Result<Memory> {
        memory_of(self.pid)
    }

    /// Kills it and waits for its end.
    pub async fn stop(mut self) -> Result<()> {
        self.check()?;
        Ok(self.child.kill().await?)
    }
}

/// On Linux the program ends with us, however we end.
fn tied_to_us(program: &Path) -> Command {
    let setpriv = Path::new("/usr/bin/setpriv");
    if !setpriv.exists() {
        return Command::new(program);
    }
    let mut command = Command::new(setpriv);
    command.args(["--pdeathsig", "KILL"]).arg(program);
    command
}

/// What a process occupies, from Linux's `/proc`; unknown elsewhere.
pub fn memory_of(pid: u32) -> Result<Memory> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kib: f64 = line.trim_end_matches("kB").trim().parse().ok()?;
        Some(kib * 1_024.0 / 1_000_000.0)
    };
    match (field("VmRSS:"), field("VmHWM:")) {
        (Some(now), Some(peak)) => Ok(Memory { now, peak }),
        _ => Err("the process has ended".into()),
    }
}

/// An address that nobody listens on.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}
