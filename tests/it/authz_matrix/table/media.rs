pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
POST /media                             -         | un   un  un      201   201      201      201   ac
GET /media/{media_id}                   own       | un   un  un      200   200      200      200   ac
GET /media/{media_id}                   another's | un   un  un      ny    ny       ny       200   ac
GET /media/{media_id}                   unknown   | un   un  un      ny    ny       ny       ny    ac
GET /media/{media_id}                   another's-shown | un un un  200   200      200      200   ac
GET /media/{media_id}                   another's-hidden | un un un ny    ny       ny       200   ac
GET /media/{media_id}                   another's-on_a_lead | un un un 200 200    200      200   ac
GET /media/{media_id}                   another's-on_anothers_lead | un un un ny ny ny    200   ac
DELETE /media/{media_id}                own       | un   un  un      204   204      204      204   ac
DELETE /media/{media_id}                another's | un   un  un      ny    ny       ny       204   ac
DELETE /media/{media_id}                unknown   | un   un  un      ny    ny       ny       ny    ac
DELETE /media/{media_id}                another's-on_a_lead | un un un ny ny      ny       mu    ac
GET /media/{media_id}/{file}            own       | 200  un  un      200   200      200      200   ac
GET /media/{media_id}/{file}            another's | 200  un  un      200   200      200      200   ac
GET /media/{media_id}/{file}            unknown   | ny   un  un      ny    ny       ny       ny    ac
GET /media/{media_id}/{file}            another's-forged | ny un un  ny    ny       ny       ny    ac
";
