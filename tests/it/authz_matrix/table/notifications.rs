pub const TABLE: &str = "
operation                               whose     | none bad expired guest consumer provider admin suspended
GET /notifications                      -         | un   un  un      200   200      200      200   ac
PUT /notifications/read_all             -         | un   un  un      200   200      200      200   ac
PUT /notifications/{notification_id}/read own     | un   un  un      200   200      200      200   ac
PUT /notifications/{notification_id}/read another's | un un  un      ny    ny       ny       200   ac
PUT /notifications/{notification_id}/read unknown | un   un  un      ny    ny       ny       ny    ac
";
