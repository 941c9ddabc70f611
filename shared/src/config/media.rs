use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

use super::{ConfigError, Secret, parsed, positive_millis, required, text, wrong};

/// Where pictures and films are kept.
#[derive(Clone, Debug)]
pub struct MediaConfig {
    /// The store of the objects.
    pub store: StoreConfig,
    /// `PROXIE_UPLOAD_MS`: how long an upload may take to arrive, and once more to be looked at and stored (300,000).
    /// When nothing comes for as long as `PROXIE_BODY_MS`, it is over, too.
    pub upload: Duration,
}

/// A place for objects.
#[derive(Clone, Debug)]
pub enum StoreConfig {
    /// `PROXIE_MEDIA_DIR`: a folder, made where it is missing (`media`). All processes must see the same.
    Disk(PathBuf),
    /// A bucket, if `PROXIE_MEDIA_S3_BUCKET` names one.
    S3(S3Config),
}

/// A bucket of Amazon S3, or of a store that speaks its protocol.
#[derive(Clone, Debug)]
pub struct S3Config {
    /// `PROXIE_MEDIA_S3_BUCKET`: its name.
    pub bucket: String,
    /// `PROXIE_MEDIA_S3_ENDPOINT`: where the store is, if it is not Amazon's; the bucket then stands in the path.
    pub endpoint: Option<String>,
    /// `PROXIE_MEDIA_S3_REGION`: its region (`us-east-1`).
    pub region: String,
    /// `PROXIE_MEDIA_S3_KEY_ID`: who calls.
    pub key_id: String,
    /// `PROXIE_MEDIA_S3_SECRET`: signs the calls.
    pub secret: Secret,
}

impl MediaConfig {
    /// Reads the variables named at the fields.
    ///
    /// # Errors
    /// Names the variable that is missing or wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        let store = match text("PROXIE_MEDIA_S3_BUCKET")? {
            Some(bucket) => StoreConfig::S3(S3Config {
                bucket,
                endpoint: endpoint()?,
                region: parsed("PROXIE_MEDIA_S3_REGION", "us-east-1".to_owned())?,
                key_id: required("PROXIE_MEDIA_S3_KEY_ID", "who calls the store of PROXIE_MEDIA_S3_BUCKET")?,
                secret: Secret::new(required("PROXIE_MEDIA_S3_SECRET", "signs calls of the store")?),
            }),
            None => StoreConfig::Disk(parsed("PROXIE_MEDIA_DIR", PathBuf::from("media"))?),
        };
        Ok(Self { store, upload: positive_millis("PROXIE_UPLOAD_MS", 300_000)? })
    }
}

fn endpoint() -> Result<Option<String>, ConfigError> {
    let Some(address) = text("PROXIE_MEDIA_S3_ENDPOINT")? else { return Ok(None) };
    match Url::parse(&address) {
        Ok(url) if ["http", "https"].contains(&url.scheme()) && url.password().is_none() => Ok(Some(address)),
        _ => Err(wrong("PROXIE_MEDIA_S3_ENDPOINT", "it is written https://host or http://host:port")),
    }
}
