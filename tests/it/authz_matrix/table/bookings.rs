pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
GET /bookings                           -         | un   un  un      ar    200      200      200   ac
GET /bookings/{booking_id}              own       | un   un  un      ar    200      200      200   ac
GET /bookings/{booking_id}              own-made  | un   un  un      ar    200      200      200   ac
GET /bookings/{booking_id}              another's | un   un  un      ar    ny       ny       200   ac
GET /bookings/{booking_id}              unknown   | un   un  un      ar    ny       ny       ny    ac
PUT /bookings/{booking_id}/cancel       own       | un   un  un      ar    200      200      200   ac
PUT /bookings/{booking_id}/cancel       own-made  | un   un  un      ar    200      200      200   ac
PUT /bookings/{booking_id}/cancel       another's | un   un  un      ar    ny       ny       200   ac
PUT /bookings/{booking_id}/cancel       unknown   | un   un  un      ar    ny       ny       ny    ac
PUT /bookings/{booking_id}/reschedule   own       | un   un  un      ar    200      200      200   ac
PUT /bookings/{booking_id}/reschedule   own-made  | un   un  un      ar    200      200      200   ac
PUT /bookings/{booking_id}/reschedule   another's | un   un  un      ar    ny       ny       200   ac
PUT /bookings/{booking_id}/reschedule   unknown   | un   un  un      ar    ny       ny       ny    ac
PUT /bookings/{booking_id}/reschedule/accept  own       | un un un   ar    200      200      200   ac
PUT /bookings/{booking_id}/reschedule/accept  own-made  | un un un   ar    200      200      200   ac
PUT /bookings/{booking_id}/reschedule/accept  own-asked | un un un   ar    im       im       im    ac
PUT /bookings/{booking_id}/reschedule/accept  another's | un un un   ar    ny       ny       200   ac
PUT /bookings/{booking_id}/reschedule/accept  unknown   | un un un   ar    ny       ny       ny    ac
PUT /bookings/{booking_id}/reschedule/decline own       | un un un   ar    200      200      200   ac
PUT /bookings/{booking_id}/reschedule/decline own-made  | un un un   ar    200      200      200   ac
PUT /bookings/{booking_id}/reschedule/decline own-asked | un un un   ar    im       im       im    ac
PUT /bookings/{booking_id}/reschedule/decline another's | un un un   ar    ny       ny       200   ac
PUT /bookings/{booking_id}/reschedule/decline unknown   | un un un   ar    ny       ny       ny    ac
PUT /bookings/{booking_id}/complete     own-made  | un   un  un      ar    200      200      200   ac
PUT /bookings/{booking_id}/complete     own       | un   un  un      ar    ny       ny       200   ac
PUT /bookings/{booking_id}/complete     another's | un   un  un      ar    ny       ny       200   ac
PUT /bookings/{booking_id}/complete     unknown   | un   un  un      ar    ny       ny       ny    ac
PUT /bookings/{booking_id}/no_show      own-made  | un   un  un      ar    200      200      200   ac
PUT /bookings/{booking_id}/no_show      own       | un   un  un      ar    ny       ny       200   ac
PUT /bookings/{booking_id}/no_show      another's | un   un  un      ar    ny       ny       200   ac
PUT /bookings/{booking_id}/no_show      unknown   | un   un  un      ar    ny       ny       ny    ac
";
