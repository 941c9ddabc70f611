//! What the database refuses by name, as codes.

use super::Code;

/// The code of a named constraint that a client can run into; others are our own mistakes.
pub(super) fn code(constraint: &str) -> Option<Code> {
    match constraint {
        // The caller's own row is gone.
        "requests_user_id_fkey"
        | "chat_sessions_user_id_fkey"
        | "tasks_user_id_fkey"
        | "media_user_id_fkey" => Some(Code::AccountClosed),
        "accounts_email_key" => Some(Code::EmailTaken),
        "provider_templates_name_key" => Some(Code::IllegalMove),
        // Who hangs something on media holds it (`db::media::hold_own`), so it is only ever the deletion that runs into these.
        "request_media_media_id_fkey"
        | "chat_media_media_id_fkey"
        | "portfolio_items_media_id_fkey"
        | "enrollment_media_media_id_fkey"
        | "providers_photo_id_fkey" => Some(Code::MediaInUse),
        "bookings_no_overlap" => Some(Code::SlotTaken),
        "bookings_one_confirmed_key" => Some(Code::RequestClosed),
        "bookings_offer_id_key" => Some(Code::OfferNotPending),
        "offers_one_live_key" => Some(Code::IllegalMove),
        "reviews_booking_id_key" => Some(Code::AlreadyReviewed),
        "tasks_stay_ended" => Some(Code::IllegalMove),
        _ => None,
    }
}
