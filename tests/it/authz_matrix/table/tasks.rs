pub const TABLE: &str = "
operation                             whose     | none bad expired guest consumer provider admin suspended
GET /admin/tasks                      -         | un   un  un      ar    wr       wr       200   ac
GET /admin/tasks/{task_id}            own       | un   un  un      ar    wr       wr       200   ac
GET /admin/tasks/{task_id}            another's | un   un  un      ar    wr       wr       200   ac
GET /admin/tasks/{task_id}            unknown   | un   un  un      ar    wr       wr       ny    ac
POST /admin/tasks/{task_id}/retry     own       | un   un  un      ar    wr       wr       202   ac
POST /admin/tasks/{task_id}/retry     another's | un   un  un      ar    wr       wr       202   ac
POST /admin/tasks/{task_id}/retry     another's-live | un un un    ar    wr       wr       im    ac
POST /admin/tasks/{task_id}/retry     unknown   | un   un  un      ar    wr       wr       ny    ac
POST /admin/tasks/{task_id}/cancel    own       | un   un  un      ar    wr       wr       200   ac
POST /admin/tasks/{task_id}/cancel    another's | un   un  un      ar    wr       wr       200   ac
POST /admin/tasks/{task_id}/cancel    another's-live | un un un    ar    wr       wr       200   ac
POST /admin/tasks/{task_id}/cancel    another's-matching | un un un ar   wr       wr       im    ac
POST /admin/tasks/{task_id}/cancel    unknown   | un   un  un      ar    wr       wr       ny    ac
";
