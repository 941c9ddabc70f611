//! The store, over `object_store`: an object is named by its media's id and which variant it is. Written once, never
//! changed.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    ClientOptions, Error as StoreError, GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload,
    RetryConfig,
};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::config::{MediaConfig, S3Config, StoreConfig};
use crate::error::{Code, Error, Result};
use crate::model::MediaId;
use crate::model::media::Variant;

/// How much of a file is in memory on its way to the disk.
const DISK_PART: usize = 1_024 * 1_024;
/// How much of it on its way into a bucket: the least that S3 takes as a part.
const BUCKET_PART: usize = 5 * 1_024 * 1_024;
/// How many files are on their way into the store at once; the others wait.
const PUTS: usize = 6;
/// How long a bucket may take to answer a call, to be connected, and all tries of a call together.
const CALL: Duration = Duration::from_secs(30);
const CONNECT: Duration = Duration::from_secs(2);
const TRIES: Duration = Duration::from_secs(20);
const MOST_TRIES: usize = 3;

/// Where objects are kept.
#[derive(Clone)]
pub struct Store {
    objects: Arc<dyn ObjectStore>,
    puts: Arc<Semaphore>,
    part: usize,
    arriving: Arc<std::path::Path>,
    /// The same store as a folder, if it is one.
    disk: Option<Arc<LocalFileSystem>>,
}

/// An object, or a part of it, on its way out.
pub struct Object {
    /// Which bytes it is.
    pub range: Range<u64>,
    /// The size of the whole object.
    pub size: u64,
    /// The bytes, a little at a time.
    pub stream: BoxStream<'static, Result<bytes::Bytes>>,
}

impl Store {
    /// The store that is configured; a folder is made where it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made, or what is configured makes no bucket.
    pub fn new(config: &MediaConfig) -> Result<Self> {
        let (objects, arriving, part, disk): (Arc<dyn ObjectStore>, _, _, _) = match &config.store {
            StoreConfig::Disk(folder) => {
                let unusable = |error: std::io::Error| {
                    let detail = format!("PROXIE_MEDIA_DIR: {} cannot be used.", folder.display());
                    Error::new(Code::Unavailable).detail(detail).because(error)
                };
                // On the same disk: what arrives is not to fill a memory that looks like one.
                let arriving = folder.join("arriving");
                std::fs::create_dir_all(&arriving).map_err(unusable)?;
                let disk =
                    Arc::new(LocalFileSystem::new_with_prefix(folder).map_err(failed)?.with_fsync(true));
                (disk.clone(), arriving, DISK_PART, Some(disk))
            }
            StoreConfig::S3(config) => {
                (Arc::new(bucket(config).map_err(failed)?), std::env::temp_dir(), BUCKET_PART, None)
            }
        };
        Ok(Self { objects, puts: Arc::new(Semaphore::new(PUTS)), part, arriving: arriving.into(), disk })
    }

    /// Where files are while they arrive.
    #[must_use]
    pub fn arriving(&self) -> &std::path::Path {
        &self.arriving
    }

    /// Stores a file from its beginning to its end.
    ///
    /// # Errors
    /// `unavailable` when the store does not take it: then nothing of it is there.
    pub async fn put(&self, id: MediaId, variant: Variant, mut file: File) -> Result<()> {
        let _place =
            self.puts.acquire().await.map_err(|closed| Error::new(Code::Internal).because(closed))?;
        file.rewind()?;
        let (file, first) = part_of(file, self.part).await?;
        if first.len() < self.part {
            self.objects.put(&path(id, variant), PutPayload::from(first)).await.map_err(failed)?;
            return Ok(());
        }
        let mut upload = self.objects.put_multipart(&path(id, variant)).await.map_err(failed)?;
        let sent = async {
            let (mut file, mut part) = (file, first);
            while !part.is_empty() {
                upload.put_part(PutPayload::from(part)).await.map_err(failed)?;
                (file, part) = part_of(file, self.part).await?;
            }
            upload.complete().await.map_err(failed)
        };
        let sent = sent.await.map(drop);
        if sent.is_err()
            && let Err(error) = upload.abort().await
        {
            tracing::warn!(%error, "an upload that failed was not taken back");
        }
        sent
    }

    /// An object, or a part of it; none if it is not there.
    ///
    /// # Errors
    /// `unavailable` when the store does not answer.
    pub async fn get(
        &self,
        id: MediaId,
        variant: Variant,
        range: Option<Range<u64>>,
    ) -> Result<Option<Object>> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = match self.objects.get_opts(&path(id, variant), options).await {
            Ok(found) => found,
            Err(StoreError::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let (range, size) = (found.range.clone(), found.meta.size);
        let stream = found.into_stream().map(|part| part.map_err(failed)).boxed();
        Ok(Some(Object { range, size, stream }))
    }

    /// Deletes all objects of media, also what is left of those that a process died of while it stored them; that there are
    /// none is as good. Of a bucket's unfinished uploads only a rule of the bucket can free us.
    ///
    /// # Errors
    /// `unavailable` when the store does not answer.
    pub async fn delete(&self, id: MediaId) -> Result<()> {
        for variant in [Variant::Thumb, Variant::Original] {
            match self.objects.delete(&path(id, variant)).await {
                Ok(()) | Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(failed(error)),
            }
            if let Some(disk) = &self.disk {
                delete_staged(disk.path_to_filesystem(&path(id, variant)).map_err(failed)?).await?;
            }
        }
        Ok(())
    }
}

/// Deletes the files that `object_store` fills before it gives them an object's name: `<name>#1` and so on.
async fn delete_staged(object: PathBuf) -> Result<()> {
    for number in 1_u32.. {
        let mut staged = object.clone().into_os_string();
        staged.push(format!("#{number}"));
        match tokio::fs::remove_file(staged).await {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => break,
            Err(error) => return Err(Error::new(Code::Unavailable).because(error)),
        }
    }
    Ok(())
}

fn bucket(config: &S3Config) -> Result<impl ObjectStore + use<>, StoreError> {
    let options = ClientOptions::new().with_timeout(CALL).with_connect_timeout(CONNECT);
    let retry = RetryConfig { max_retries: MOST_TRIES, retry_timeout: TRIES, ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&config.bucket)
        .with_region(&config.region)
        .with_access_key_id(&config.key_id)
        .with_secret_access_key(config.secret.reveal())
        .with_client_options(options)
        .with_retry(retry)
        // One at a time is all we do, and not every store knows how to delete many.
        .with_disable_bulk_delete(true);
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_allow_http(endpoint.starts_with("http://")).with_endpoint(endpoint);
    }
    builder.build()
}

/// The next part of a file; less than a whole one, or nothing, at its end.
async fn part_of(mut file: File, size: usize) -> Result<(File, Vec<u8>)> {
    let read = spawn_blocking(move || {
        let mut part = Vec::with_capacity(size);
        (&mut file).take(size as u64).read_to_end(&mut part)?;
        Ok((file, part))
    });
    read.await.map_err(|panic| Error::new(Code::Internal).because(panic))?
}

/// Two letters before the id spread the objects over folders; an id begins with the time, and ends at random.
fn path(id: MediaId, variant: Variant) -> Path {
    let id = id.0.simple().to_string();
    Path::from(format!("objects/{}/{id}.{variant}", &id[id.len() - 2..]))
}

fn failed(error: StoreError) -> Error {
    Error::new(Code::Unavailable).because(error)
}
