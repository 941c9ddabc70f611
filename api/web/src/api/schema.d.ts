// Generated from the API by `npm run types`; do not edit.

export interface paths {
    "/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the audit log
         * @description What admins did with what is not theirs, the newest first.
         *
         *     Who may: admin.
         */
        get: operations["get_admin_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/providers/{provider_id}/services/{service_id}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Approve a provider's licence, or refuse it
         * @description Of one service. It can be decided again, as when it has expired or turned out to be false.
         *
         *     Who may: admin.
         */
        put: operations["put_admin_providers_provider_id_services_service_id_verify"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/providers/{provider_id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Suspend a provider, or let it go on
         * @description A suspended one is found and booked by nobody; what is agreed stays.
         *
         *     Who may: admin.
         */
        put: operations["put_admin_providers_provider_id_status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tasks
         * @description Everybody's, the newest first; of one status if it is given.
         *
         *     Who may: admin.
         */
        get: operations["get_admin_tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tasks/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a task
         * @description Anybody's, with what came of it and the steps that it took.
         *
         *     Who may: admin.
         */
        get: operations["get_admin_tasks_task_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tasks/{task_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel anybody's task
         * @description One that has ended stays as it is. A matching is cancelled by cancelling its request.
         *
         *     Who may: admin.
         */
        post: operations["post_admin_tasks_task_id_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tasks/{task_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try anybody's failed or cancelled task again
         * @description As a new task with the same input, whose owner it has; asked again, the same one.
         *
         *     Who may: admin.
         */
        post: operations["post_admin_tasks_task_id_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user_id}/role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give an account another role
         * @description Tokens made before do not change it again.
         *
         *     Who may: admin.
         */
        put: operations["put_admin_users_user_id_role"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{user_id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Suspend an account, open it again, or close it
         * @description `deleted` is for ever.
         *
         *     Who may: admin.
         */
        put: operations["put_admin_users_user_id_status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the documentation in Swagger UI
         * @description A page that can also make calls, with a token that is entered there.
         *
         *     Who may: public.
         */
        get: operations["get_api_docs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what the errors mean
         * @description One section per code of the catalogue: its status, its usual sentence and what to do. The `type` of every problem leads
         *     there.
         *
         *     Who may: public.
         */
        get: operations["get_api_docs_errors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/docs/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a file of Swagger UI
         * @description What the page at `/api/docs` loads.
         *
         *     Who may: public.
         */
        get: operations["get_api_docs_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the OpenAPI document
         * @description For programs: clients can be made from it.
         *
         *     Who may: public.
         */
        get: operations["get_api_openapi_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/redoc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the documentation in ReDoc
         * @description A page to read, with everything at a glance.
         *
         *     Who may: public.
         */
        get: operations["get_api_redoc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/redoc/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a file of ReDoc
         * @description What the page at `/api/redoc` loads: `redoc.standalone.js`.
         *
         *     Who may: public.
         */
        get: operations["get_api_redoc_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/app/config.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how the client is set up
         * @description Where the realtime process is, and which services of others the web client uses; null where there is none.
         *
         *     Who may: public.
         */
        get: operations["get_app_config_json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/guest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Become a guest
         * @description For 30 days. A first `POST /chat` without a token does the same.
         *
         *     Who may: public.
         */
        post: operations["post_auth_guest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description A wrong password and an unknown e-mail are answered alike. With a guest's token, the guest's conversations become the
         *     account's.
         *
         *     Who may: public.
         */
        post: operations["post_auth_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign out
         * @description Ends all that came of the sign-in that the refresh token, of the body or of the cookie, belongs to.
         *
         *     Who may: public.
         */
        post: operations["post_auth_logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See who one is
         * @description With the role that counts for this call, which a token may say.
         *
         *     Who may: signed in.
         */
        get: operations["get_auth_me"];
        put?: never;
        post?: never;
        /**
         * Close the account
         * @description For ever: sign-ins and open tasks end, and the e-mail is free again.
         *
         *     Who may: signed in.
         */
        delete: operations["delete_auth_me"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Take everything along
         * @description All that is kept about the caller, as one JSON document: what they said, did and were told, and of others what they may
         *     see anyway.
         *
         *     Who may: signed in.
         */
        get: operations["get_auth_me_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the password
         * @description Every sign-in ends; the answer holds the tokens of a new one.
         *
         *     Who may: signed in.
         */
        post: operations["post_auth_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stay signed in
         * @description Exchanges a refresh token, of the body or of the browser's cookie, for new tokens. Each is good once: one that is used
         *     twice ends all that came of that sign-in.
         *
         *     Who may: public.
         */
        post: operations["post_auth_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign up
         * @description Makes an account with the role consumer and signs it in. With a guest's token, the guest's conversations become the
         *     account's.
         *
         *     Who may: public.
         */
        post: operations["post_auth_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's bookings
         * @description Of both sides: the latest first or, of those that are upcoming, the next first.
         *
         *     Who may: signed in.
         */
        get: operations["get_bookings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bookings/{booking_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a booking
         * @description As either side, with how to reach the other.
         *
         *     Who may: signed in.
         */
        get: operations["get_bookings_booking_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bookings/{booking_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Cancel a booking
         * @description As either side, until its start; within a day of it, that is late. If the provider cancels, or the consumer with
         *     `rebook`, somebody else is looked for; else the request is cancelled too. The same again changes nothing.
         *
         *     Who may: signed in.
         */
        put: operations["put_bookings_booking_id_cancel"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bookings/{booking_id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say that the work is done
         * @description As the provider, after the start. Nobody needs to: 48 hours after its end a booking completes by itself.
         *
         *     Who may: signed in.
         */
        put: operations["put_bookings_booking_id_complete"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bookings/{booking_id}/no_show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say that the consumer was not there
         * @description As the provider, after the start.
         *
         *     Who may: signed in.
         */
        put: operations["put_bookings_booking_id_no_show"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bookings/{booking_id}/reschedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Propose another slot
         * @description As either side, until the start. The other side has a day to agree; until then the present slot holds. Another
         *     proposal of one's own takes the place of the first; one of the other side's is answered first.
         *
         *     Who may: signed in.
         */
        put: operations["put_bookings_booking_id_reschedule"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bookings/{booking_id}/reschedule/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Agree to another slot
         * @description As the other side. A body that names the slot agrees to no other.
         *
         *     Who may: signed in.
         */
        put: operations["put_bookings_booking_id_reschedule_accept"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bookings/{booking_id}/reschedule/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Do not agree to another slot
         * @description As the other side: the present one holds.
         *
         *     Who may: signed in.
         */
        put: operations["put_bookings_booking_id_reschedule_decline"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say something to the agent
         * @description The answer is a task: poll it at `GET /chat/status/{task_id}`. With `action` a button of the open draft is pressed: what it
         *     holds happens only so, or by a plain yes right after it was shown. Without a token the caller becomes a guest, and `guest_token`
         *     proves it from then on; a guest whose token is older than a day gets a fresh one.
         *
         *     Who may: public.
         */
        post: operations["post_chat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/cache": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Forget the answers that are kept
         * @description An answer of the assistant is kept for a while, and given again where the same is asked in the same circumstances. From now
         *     on none is that was given to the caller before.
         *
         *     Who may: any.
         */
        delete: operations["delete_chat_cache"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/cancel/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a task
         * @description One that has ended stays as it is. A matching is cancelled by cancelling its request.
         *
         *     Who may: any.
         */
        post: operations["post_chat_cancel_task_id"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/retry/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a failed or cancelled task again
         * @description As a new task with the same input.
         *
         *     Who may: any.
         */
        post: operations["post_chat_retry_task_id"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's conversations
         * @description The newest first.
         *
         *     Who may: any.
         */
        get: operations["get_chat_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/sessions/claim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take over a guest's conversations
         * @description All that the guest said and began becomes the caller's, once: the guest is no more.
         *
         *     Who may: consumer.
         */
        post: operations["post_chat_sessions_claim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a conversation
         * @description With a page of its messages: the newest, or those before or after a cursor.
         *
         *     Who may: any.
         */
        get: operations["get_chat_sessions_session_id"];
        put?: never;
        post?: never;
        /**
         * Delete a conversation
         * @description With all that was said; what runs in it is dropped.
         *
         *     Who may: any.
         */
        delete: operations["delete_chat_sessions_session_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/status/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how a task stands
         * @description With `wait` the answer comes as soon as the task has ended, or when the time is up.
         *
         *     Who may: any.
         */
        get: operations["get_chat_status_task_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/stream/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a task
         * @description Server-Sent Events, numbered from 1: `stage` {stage, attempts}, `delta` {text} of the answer, `reset` {from}: deltas from that
         *     number on are void, as another attempt or model took over, `tool` {name, state: started or finished}; then the end,
         *     `completed`, `failed` or `cancelled`, whose data is the task as `GET /chat/status/{task_id}` tells it, and with which the
         *     stream ends. The deltas that are not void are the text of the answer.
         *
         *     With the id of the last event that arrived as `Last-Event-ID` the stream goes on with the next, for 24 hours; of a task that
         *     ended before, the text and the end are told. Lines that begin with a colon only keep the connection alive. Read it
         *     with `fetch`, so that the token stays in the header. It ends early when the token or the account does.
         *
         *     Who may: any.
         */
        get: operations["get_chat_stream_task_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/me/location": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Say where one lives now
         * @description What is left out stays, null takes away.
         *
         *     Who may: signed in.
         */
        patch: operations["patch_consumers_me_location"];
        trace?: never;
    };
    "/consumers/me/memory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what is remembered of one
         * @description What was stated, and apart from it what was learned from what was done, with how often it was seen.
         *
         *     Who may: signed in.
         */
        get: operations["get_consumers_me_memory"];
        put?: never;
        post?: never;
        /**
         * Have forgotten what is remembered of one
         * @description All of it, or what is about one key, stated and learned; answers what is left. It is learned again from new things only.
         *
         *     Who may: signed in.
         */
        delete: operations["delete_consumers_me_memory"];
        options?: never;
        head?: never;
        /**
         * Correct what is remembered of one
         * @description What is given is stated in place of what was stated before; what is left out stays, null takes away. What was learned
         *     stays as it is: forget it if it is wrong.
         *
         *     Who may: signed in.
         */
        patch: operations["patch_consumers_me_memory"];
        trace?: never;
    };
    "/consumers/me/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one's profile
         * @description How the provider of a booking reaches the caller, and where they live.
         *
         *     Who may: signed in.
         */
        get: operations["get_consumers_me_profile"];
        /**
         * Write one's profile
         * @description In place of what is there; the name stays if it is left out.
         *
         *     Who may: signed in.
         */
        put: operations["put_consumers_me_profile"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/me/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how one's requests stand
         * @description Open, pending with the best offer, upcoming and completed with the booking: how many there are, and the newest.
         *
         *     Who may: signed in.
         */
        get: operations["get_consumers_me_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{user_id}/location": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Say where a consumer lives now
         * @description As its owner: what is left out stays, null takes away.
         *
         *     Who may: signed in.
         */
        patch: operations["patch_consumers_user_id_location"];
        trace?: never;
    };
    "/consumers/{user_id}/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a consumer's profile
         * @description As its owner.
         *
         *     Who may: signed in.
         */
        get: operations["get_consumers_user_id_profile"];
        /**
         * Write a consumer's profile
         * @description As its owner: in place of what is there; the name stays if it is left out.
         *
         *     Who may: signed in.
         */
        put: operations["put_consumers_user_id_profile"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/consumers/{user_id}/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how a consumer's requests stand
         * @description As their owner: open, pending with the best offer, upcoming and completed with the booking.
         *
         *     Who may: signed in.
         */
        get: operations["get_consumers_user_id_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/enrollment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List enrollments
         * @description Everybody's, the oldest first; of one status if it is given.
         *
         *     Who may: admin.
         */
        get: operations["get_enrollment"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/enrollment/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one's own enrollment
         * @description With what is missing.
         *
         *     Who may: signed in.
         */
        get: operations["get_enrollment_mine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/enrollment/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin to enroll as a provider
         * @description Whoever has begun is answered what there is.
         *
         *     Who may: signed in.
         */
        post: operations["post_enrollment_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/enrollment/{enrollment_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an enrollment
         * @description With what is missing.
         *
         *     Who may: signed in.
         */
        get: operations["get_enrollment_enrollment_id"];
        put?: never;
        post?: never;
        /**
         * Delete an enrollment
         * @description As long as it is not handed in.
         *
         *     Who may: signed in.
         */
        delete: operations["delete_enrollment_enrollment_id"];
        options?: never;
        head?: never;
        /**
         * Fill in an enrollment
         * @description Each field that is sent is replaced as a whole; null takes it out. What was rejected becomes a draft again.
         *
         *     Who may: signed in.
         */
        patch: operations["patch_enrollment_enrollment_id"];
        trace?: never;
    };
    "/enrollment/{enrollment_id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve an enrollment
         * @description It becomes a provider, whose licences are good.
         *
         *     Who may: admin.
         */
        post: operations["post_enrollment_enrollment_id_approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/enrollment/{enrollment_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an enrollment back
         * @description With reasons; once its owner has changed it, it can be handed in again.
         *
         *     Who may: admin.
         */
        post: operations["post_enrollment_enrollment_id_reject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/enrollment/{enrollment_id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand in an enrollment
         * @description With a service that needs no licence it becomes a provider at once, and those that need one wait for an admin; with
         *     none but licensed services all of it waits.
         *
         *     Who may: signed in.
         */
        post: operations["post_enrollment_enrollment_id_submit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell that the process lives
         * @description Says nothing about what it needs; see `/ready` for that.
         *
         *     Who may: public.
         */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a picture or a film
         * @description JPEG, PNG and WebP up to 20 MB and 50 megapixels, MP4 up to 100 MB. What the file is counts, not what it is called.
         *     Everything that is not picture or sound is taken out of it, first of all where it was taken; a picture is turned as its
         *     camera was held. What hangs on nothing after a day is deleted. Guests have up to five pictures, and no films.
         *
         *     Who may: any.
         */
        post: operations["post_media"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{media_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read where a picture or film is
         * @description For its owner and for whom it is shown to: a photo or portfolio of a provider to everybody, what hangs on a request to
         *     the providers it went to. The links are good for 15 minutes.
         *
         *     Who may: any.
         */
        get: operations["get_media_media_id"];
        put?: never;
        post?: never;
        /**
         * Delete a picture or film
         * @description Take it out first of whatever shows it.
         *
         *     Who may: any.
         */
        delete: operations["delete_media_media_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{media_id}/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a picture or film
         * @description By a link of its view, which needs no token. Of a large file parts can be asked for with `Range`.
         *
         *     Who may: public.
         */
        get: operations["get_media_media_id_file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the metrics
         * @description In the text format of Prometheus. In production only for who sends the configured token, as `X-Metrics-Token` or as
         *     `Authorization: Bearer`, or calls from an internal address; for others there is nothing here.
         *
         *     Who may: public.
         */
        get: operations["get_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what one was told
         * @description The newest first.
         *
         *     Who may: any.
         */
        get: operations["get_notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/read_all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Mark all notifications as read
         * @description Answers how many were not.
         *
         *     Who may: any.
         */
        put: operations["put_notifications_read_all"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/{notification_id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Mark a notification as read
         * @description The first time counts.
         *
         *     Who may: any.
         */
        put: operations["put_notifications_notification_id_read"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's offers
         * @description Those that one made as a provider and those that one received as a consumer, the newest first.
         *
         *     Who may: signed in.
         */
        get: operations["get_offers"];
        put?: never;
        /**
         * Make an offer
         * @description For a lead that was not passed. One live offer a provider and request; each slot must be free in the calendar.
         *
         *     Who may: provider.
         */
        post: operations["post_offers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/offers/{offer_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an offer
         * @description As either side. Its slots say whether they are still free.
         *
         *     Who may: signed in.
         */
        get: operations["get_offers_offer_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/offers/{offer_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Accept an offer
         * @description It becomes a booking, and the request's other offers are declined. Of any number of rivals for an offer, a request or
         *     a slot one wins. Who comes too late for a slot is told free ones, which the offer takes for 15 minutes. The same
         *     again, for the same slot, answers the same booking.
         *
         *     Who may: signed in.
         */
        put: operations["put_offers_offer_id_accept"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/offers/{offer_id}/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Decline an offer
         * @description As who asked for it. The same again changes nothing.
         *
         *     Who may: signed in.
         */
        put: operations["put_offers_offer_id_decline"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/offers/{offer_id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Take an offer back
         * @description As who made it. The same again changes nothing.
         *
         *     Who may: signed in.
         */
        put: operations["put_offers_offer_id_withdraw"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search providers
         * @description Who takes work and has something that can be booked. Whatever is said narrows the search down; distances are from
         *     about where the provider is. The price is the least of what is asked for.
         *
         *     Who may: any.
         */
        get: operations["get_providers"];
        put?: never;
        /**
         * Become a provider
         * @description Makes the caller's business and the caller a provider, an admin beside that; there is one for each user. Services can
         *     come along or be added later: nobody else sees a business without one that can be booked. What needs a licence waits
         *     until an admin has seen it. Without hours of its own it works Monday to Friday from nine to five.
         *
         *     Who may: signed in.
         */
        post: operations["post_providers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/leads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's leads
         * @description The requests that were routed to the caller, the latest first; without those that were passed or take no offers any
         *     more, unless these are asked for.
         *
         *     Who may: provider.
         */
        get: operations["get_providers_leads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/{provider_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See a provider
         * @description The card: what lists show, and the head of the profile. One that is suspended or has nothing that can be booked is
         *     there for its owner only.
         *
         *     Who may: any.
         */
        get: operations["get_providers_provider_id"];
        /**
         * Say all of a business anew
         * @description What is left out is not said any more. Services, hours and settings stay.
         *
         *     Who may: signed in.
         */
        put: operations["put_providers_provider_id"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Say some of a business anew
         * @description Of card and profile alike: what is left out stays, null takes away. Who moves to a city that is known takes its zone,
         *     and its middle until a location is said.
         *
         *     Who may: signed in.
         */
        patch: operations["patch_providers_provider_id"];
        trace?: never;
    };
    "/providers/{provider_id}/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See when one works
         * @description The usual hours, dates with others, and what lies before, between and after bookings.
         *
         *     Who may: signed in.
         */
        get: operations["get_providers_provider_id_availability"];
        /**
         * Say when one works
         * @description All of it, in place of what was; its zone becomes that of the business. What is booked stays booked.
         *
         *     Who may: signed in.
         */
        put: operations["put_providers_provider_id_availability"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/{provider_id}/portfolio": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what a provider shows
         * @description Pictures and films of their work, the newest first.
         *
         *     Who may: any.
         */
        get: operations["get_providers_provider_id_portfolio"];
        put?: never;
        /**
         * Show a picture or film
         * @description One that the owner has uploaded; each once, up to a hundred. Whoever sees the provider sees it.
         *
         *     Who may: signed in.
         */
        post: operations["post_providers_provider_id_portfolio"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/{provider_id}/portfolio/{item_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Show something no longer
         * @description It stays in the owner's media, until a day has passed that it hangs on nothing.
         *
         *     Who may: signed in.
         */
        delete: operations["delete_providers_provider_id_portfolio_item_id"];
        options?: never;
        head?: never;
        /**
         * Say something else of what is shown
         * @description What is left out stays, null takes away.
         *
         *     Who may: signed in.
         */
        patch: operations["patch_providers_provider_id_portfolio_item_id"];
        trace?: never;
    };
    "/providers/{provider_id}/profile": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See a provider's profile
         * @description The card, and what the provider says of itself at length. How it can be reached is there for its owner only.
         *
         *     Who may: any.
         */
        get: operations["get_providers_provider_id_profile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Say some of a profile anew
         * @description The same as `PATCH /providers/{provider_id}`, for those who have the profile at hand.
         *
         *     Who may: signed in.
         */
        patch: operations["patch_providers_provider_id_profile"];
        trace?: never;
    };
    "/providers/{provider_id}/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what a provider offers
         * @description By slugs. What waits for an admin or was refused is there for the owner only, as are the licences.
         *
         *     Who may: any.
         */
        get: operations["get_providers_provider_id_services"];
        put?: never;
        /**
         * Offer a service
         * @description Of the catalog, each once, up to a hundred. What needs a licence waits until an admin has seen its number and last day.
         *
         *     Who may: signed in.
         */
        post: operations["post_providers_provider_id_services"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/{provider_id}/services/{service_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Offer a service no longer
         * @description Not while live offers or bookings are for it.
         *
         *     Who may: signed in.
         */
        delete: operations["delete_providers_provider_id_services_service_id"];
        options?: never;
        head?: never;
        /**
         * Offer a service otherwise
         * @description What is left out stays, null takes away. Another number or last day of a licence waits for an admin again.
         *
         *     Who may: signed in.
         */
        patch: operations["patch_providers_provider_id_services_service_id"];
        trace?: never;
    };
    "/providers/{provider_id}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how one's agent works
         * @description Whether it answers leads by itself, from which price on, and how far one travels.
         *
         *     Who may: signed in.
         */
        get: operations["get_providers_provider_id_settings"];
        /**
         * Say how one's agent works
         * @description With `auto_offer` a lead becomes an offer without a person: in the prices, hours and limits of the provider.
         *
         *     Who may: signed in.
         */
        put: operations["put_providers_provider_id_settings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/{provider_id}/slots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See when a provider is free
         * @description Slots for a job of the service's usual length, less the bookings, their buffer and the notice: at most 31 days a query, up
         *     to 90 days ahead. A provider who takes no work at present has none.
         *
         *     Who may: any.
         */
        get: operations["get_providers_provider_id_slots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/{provider_id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See how one fares
         * @description Leads, offers, bookings, reputation and revenue, since the beginning.
         *
         *     Who may: signed in.
         */
        get: operations["get_providers_provider_id_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/{provider_id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Pause, or go on
         * @description Who is paused is not found and not matched; what is agreed stays.
         *
         *     Who may: signed in.
         */
        put: operations["put_providers_provider_id_status"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/{provider_id}/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See one's templates
         * @description How one words offers, in order of their making.
         *
         *     Who may: signed in.
         */
        get: operations["get_providers_provider_id_templates"];
        put?: never;
        /**
         * Write a template
         * @description Each name once, up to a hundred.
         *
         *     Who may: signed in.
         */
        post: operations["post_providers_provider_id_templates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/providers/{provider_id}/templates/{template_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete a template
         * @description What was worded with it stays as it is.
         *
         *     Who may: signed in.
         */
        delete: operations["delete_providers_provider_id_templates_template_id"];
        options?: never;
        head?: never;
        /**
         * Write a template otherwise
         * @description What is left out stays, null takes away.
         *
         *     Who may: signed in.
         */
        patch: operations["patch_providers_provider_id_templates_template_id"];
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell whether what it needs is there
         * @description Names what is down. Without Redis it serves on, only slower: `degraded`.
         *
         *     Who may: public.
         */
        get: operations["get_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's requests
         * @description The newest first.
         *
         *     Who may: signed in.
         */
        get: operations["get_requests"];
        put?: never;
        /**
         * Post a request
         * @description A task matches it to providers: poll `task_id`.
         *
         *     Who may: consumer.
         */
        post: operations["post_requests"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a request
         * @description A provider that it was routed to reads what a lead shows: nothing by which the consumer could be reached or found.
         *
         *     Who may: signed in.
         */
        get: operations["get_requests_request_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a request
         * @description As long as there are no offers. What is left out stays, null takes away. It is matched again, and whoever has not
         *     answered is looked at anew.
         *
         *     Who may: signed in.
         */
        patch: operations["patch_requests_request_id"];
        trace?: never;
    };
    "/requests/{request_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a request
         * @description Its offers are declined, its matching ends. A booked one ends with its booking.
         *
         *     Who may: signed in.
         */
        post: operations["post_requests_request_id_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request_id}/match": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Match a request again
         * @description Ten minutes after the last time at the earliest. Poll `task_id`.
         *
         *     Who may: signed in.
         */
        post: operations["post_requests_request_id_match"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request_id}/matches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See whom a request was routed to
         * @description And how the scores came about; by rounds, the best first.
         *
         *     Who may: signed in.
         */
        get: operations["get_requests_request_id_matches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request_id}/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the offers for a request
         * @description The newest first.
         *
         *     Who may: signed in.
         */
        get: operations["get_requests_request_id_offers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request_id}/pass": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Pass a lead
         * @description It takes no offer of the caller's any more. When all have passed, others are asked.
         *
         *     Who may: provider.
         */
        put: operations["put_requests_request_id_pass"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request_id}/suggest-offer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Have an offer suggested
         * @description A task works it out from the caller's prices, calendar and templates: poll `task_id`. Nothing is sent to the consumer.
         *
         *     Who may: provider.
         */
        post: operations["post_requests_request_id_suggest_offer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/requests/{request_id}/view": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Note that a lead was looked at
         * @description The first time counts.
         *
         *     Who may: provider.
         */
        put: operations["put_requests_request_id_view"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Review a booking
         * @description Of one's own that is completed, once, within 30 days of its end.
         *
         *     Who may: signed in.
         */
        post: operations["post_reviews"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reviews/provider/{provider_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reviews of a provider
         * @description The newest first. What they say together is null below three.
         *
         *     Who may: any.
         */
        get: operations["get_reviews_provider_provider_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/reviews/{review_id}/response": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Answer a review
         * @description By the provider who was reviewed, once; the same words again change nothing.
         *
         *     Who may: signed in.
         */
        put: operations["put_reviews_review_id_response"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/services/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what can be asked for
         * @description Categories with their services, in short.
         *
         *     Who may: public.
         */
        get: operations["get_services_catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/services/catalog/full": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what can be asked for, with all that is known of it
         * @description Categories with their services: licences, places, photos, typical prices and durations, specializations.
         *
         *     Who may: public.
         */
        get: operations["get_services_catalog_full"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/services/catalog/{category_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a category
         * @description With its services.
         *
         *     Who may: public.
         */
        get: operations["get_services_catalog_category_id"];
        /**
         * Make a category, or change one
         * @description It is wholly replaced, but for its services. One that was retired is back.
         *
         *     Who may: admin.
         */
        put: operations["put_services_catalog_category_id"];
        post?: never;
        /**
         * Retire a category
         * @description It is not shown any more; what hangs on it stays. Its services must be retired first.
         *
         *     Who may: admin.
         */
        delete: operations["delete_services_catalog_category_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/services/services/{service_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a service
         * @description With all that is known of it.
         *
         *     Who may: public.
         */
        get: operations["get_services_services_service_id"];
        /**
         * Make a service, or change one
         * @description It is wholly replaced. Where it needs a licence from now on, those who offer it wait until theirs is verified. One that
         *     was retired is back.
         *
         *     Who may: admin.
         */
        put: operations["put_services_services_service_id"];
        post?: never;
        /**
         * Retire a service
         * @description Nobody can ask for it or offer it any more; what hangs on it stays.
         *
         *     Who may: admin.
         */
        delete: operations["delete_services_services_service_id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what models cost in all
         * @description Everybody's, those of people who have left too.
         *
         *     Who may: admin.
         */
        get: operations["get_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/usage/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See what one's conversations cost
         * @description What models were called for and what that came to, by day, feature and model. A guest's becomes the account's with the
         *     guest's conversations.
         *
         *     Who may: any.
         */
        get: operations["get_usage_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/clerk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an event of Clerk
         * @description `user.created`, `user.updated` and `user.deleted`, signed by Svix; others are taken and ignored, as are events older than the
         *     last one applied. There is nothing here unless a signing secret is configured.
         *
         *     Who may: public.
         */
        post: operations["post_webhooks_clerk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description `PUT /offers/{offer_id}/accept`
         * @example {
         *       "slot": {
         *         "date": "2026-11-28",
         *         "start_time": "14:00"
         *       }
         *     }
         */
        AcceptBody: {
            /** @description Where the work is done, if it is done at the caller's. */
            address?: string | null;
            /** @description How to get in, what to know. */
            instructions?: string | null;
            /** @description One of the offer's. */
            slot: components["schemas"]["NamedSlotBody"];
        };
        /** @description `PUT /offers/{id}/accept` */
        Acceptance: {
            /** @description Where the consumer is, for work there. */
            address?: string | null;
            /** @description How to get in, what to know. */
            instructions?: string | null;
            /** @description Whether it cannot be accepted without an address. */
            needs_address: boolean;
            /**
             * Format: uuid
             * @description Which offer.
             */
            offer_id: string;
            slot?: components["schemas"]["LocalSlot"] | null;
        };
        /**
         * @description A role that an account can have.
         * @enum {string}
         */
        AccountRole: "consumer" | "provider" | "admin";
        /** @description A button of a draft. */
        ActionBody: components["schemas"]["ActionWord"] | components["schemas"]["ButtonBody"];
        /**
         * @description What is to be done with a draft.
         * @enum {string}
         */
        ActionKind: "approve" | "edit" | "cancel";
        /** @description What to do with a draft. */
        ActionView: {
            draft_id: components["schemas"]["DraftId"];
            /** Format: int32 */
            draft_version: number;
            kind: components["schemas"]["ActionKind"];
        };
        /**
         * @description What the buttons of the first clients say: it is meant of the open draft.
         * @enum {string}
         */
        ActionWord: "approve_request" | "edit_request" | "cancel_request" | "submit_enrollment" | "submit_offer";
        /**
         * @description Where an admin moves a provider.
         * @enum {string}
         */
        AdminProviderStatus: "active" | "suspended";
        /**
         * @description A task as an admin sees it.
         * @example {
         *       "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *       "kind": "chat",
         *       "user_id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *       "status": "completed",
         *       "stage": "done",
         *       "step": 3,
         *       "session_id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *       "request_id": null,
         *       "retry_of": null,
         *       "attempts": 1,
         *       "error_code": null,
         *       "error_detail": null,
         *       "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
         *       "created_at": "2026-11-23T15:04:05.120Z",
         *       "updated_at": "2026-11-23T15:04:07.940Z"
         *     }
         */
        AdminTaskView: {
            /** Format: int32 */
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** @description Why it failed, or why it is being retried. */
            error_code?: string | null;
            /** @description The same for people. */
            error_detail?: string | null;
            kind: components["schemas"]["TaskKind"];
            request_id?: components["schemas"]["RequestId"] | null;
            retry_of?: components["schemas"]["TaskId"] | null;
            session_id?: components["schemas"]["SessionId"] | null;
            stage: components["schemas"]["TaskStage"];
            status: components["schemas"]["TaskStatus"];
            /** Format: int32 */
            step?: number | null;
            task_id: components["schemas"]["TaskId"];
            /** @description Joins the logs of the call that made it and of the worker that runs it. */
            trace_id: string;
            /** Format: date-time */
            updated_at: string;
            /** @description Whose it is. */
            user_id: components["schemas"]["UserId"];
        };
        /**
         * @description A page of everybody's tasks.
         * @example {
         *       "items": [
         *         {
         *           "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *           "kind": "chat",
         *           "user_id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *           "status": "completed",
         *           "stage": "done",
         *           "step": 3,
         *           "session_id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *           "request_id": null,
         *           "retry_of": null,
         *           "attempts": 1,
         *           "error_code": null,
         *           "error_detail": null,
         *           "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
         *           "created_at": "2026-11-23T15:04:05.120Z",
         *           "updated_at": "2026-11-23T15:04:07.940Z"
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        AdminTasksView: {
            items: components["schemas"]["AdminTaskView"][];
            next_cursor?: string | null;
        };
        /**
         * @description Who the agent plays in a conversation.
         * @enum {string}
         */
        AgentRole: "guest" | "consumer" | "provider" | "enrollment";
        /** @description What all reviews of a provider say together. */
        AggregateView: {
            /** Format: double */
            average?: number | null;
            breakdown: components["schemas"]["BreakdownMeans"];
            /** Format: int32 */
            count: number;
            distribution: components["schemas"]["Distribution"];
        };
        /**
         * @description `PUT /bookings/{booking_id}/reschedule/accept`
         * @example {
         *       "slot": {
         *         "date": "2026-11-29",
         *         "start_time": "10:00"
         *       }
         *     }
         */
        AgreeBody: {
            slot?: components["schemas"]["NamedSlotBody"] | null;
        };
        /** @description What the answer cost. */
        AnswerUsageView: {
            cached: boolean;
            /** Format: int64 */
            completion_tokens: number;
            /**
             * Format: int64
             * @description Millionths of a dollar.
             */
            cost_micros: number;
            model: string;
            /** Format: int64 */
            prompt_tokens: number;
        };
        /** @description A move of an admin. */
        AuditEntryView: {
            /** @description Noun and verb, as in `task.cancel`. */
            action: string;
            admin_id?: components["schemas"]["UserId"] | null;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            /** @description More, depending on the action. */
            note: components["schemas"]["NoteView"];
            /**
             * Format: uuid
             * @description With what; null for what the catalog holds.
             */
            object_id?: string | null;
            /** @description With what of the catalog. */
            object_slug?: string | null;
            owner_id?: components["schemas"]["UserId"] | null;
        };
        /**
         * @description A page of the audit log.
         * @example {
         *       "items": [
         *         {
         *           "id": "01a205c0-1d4b-7e08-b6a9-0c83f5d27e91",
         *           "admin_id": "01a1b000-6f0c-7a44-8d3e-b95c2e7f1a03",
         *           "action": "user.status",
         *           "object_id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *           "object_slug": null,
         *           "owner_id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *           "note": {
         *             "from": "active",
         *             "to": "suspended"
         *           },
         *           "created_at": "2026-11-23T15:04:07.940Z"
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        AuditView: {
            items: components["schemas"]["AuditEntryView"][];
            next_cursor?: string | null;
        };
        /**
         * @description Who wrote a message.
         * @enum {string}
         */
        Author: "user" | "assistant";
        /** @enum {string} */
        AutoOfferKind: "auto_offer";
        /** @description How a provider's agent answers a lead: with an offer, or why not. */
        AutoOfferResultView: {
            kind: components["schemas"]["AutoOfferKind"];
            offer_id?: components["schemas"]["OfferId"] | null;
            request_id: components["schemas"]["RequestId"];
            why_not?: components["schemas"]["WhyNot"] | null;
        };
        /**
         * @description When a provider can be booked, but for the bookings.
         * @example {
         *       "zone": "America/New_York",
         *       "weekly": {
         *         "monday": [],
         *         "tuesday": [
         *           {
         *             "start": "09:00",
         *             "end": "12:30"
         *           },
         *           {
         *             "start": "13:30",
         *             "end": "18:00"
         *           }
         *         ],
         *         "wednesday": [
         *           {
         *             "start": "09:00",
         *             "end": "17:00"
         *           }
         *         ],
         *         "thursday": [
         *           {
         *             "start": "09:00",
         *             "end": "17:00"
         *           }
         *         ],
         *         "friday": [
         *           {
         *             "start": "09:00",
         *             "end": "17:00"
         *           }
         *         ],
         *         "saturday": [
         *           {
         *             "start": "10:00",
         *             "end": "16:00"
         *           }
         *         ],
         *         "sunday": []
         *       },
         *       "exceptions": [
         *         {
         *           "date": "2026-12-24",
         *           "hours": []
         *         }
         *       ],
         *       "notice_minutes": 120,
         *       "max_per_day": 6,
         *       "buffer_minutes": 15
         *     }
         */
        Availability: {
            /**
             * Format: int32
             * @description The least time between two bookings, in minutes.
             * @default 0
             * @example 15
             */
            buffer_minutes: number;
            /** @description Dates with other hours, each once. */
            exceptions?: components["schemas"]["Exception"][];
            /**
             * Format: int32
             * @description The most bookings that begin on one local date; no limit if absent.
             * @example 6
             */
            max_per_day?: number | null;
            /**
             * Format: int32
             * @description How long before its start a job must be booked, in minutes.
             * @default 120
             * @example 120
             */
            notice_minutes: number;
            /** @description The usual hours. */
            weekly: components["schemas"]["Weekly"];
            /**
             * Format: iana-zone
             * @description IANA zone of all its dates and times.
             * @example America/New_York
             */
            zone: string;
        };
        /** @description `PUT /providers/{id}/availability` */
        AvailabilityFields: components["schemas"]["Availability"] & {
            /**
             * Format: uuid
             * @description Whose.
             */
            provider_id: string;
            replaces?: components["schemas"]["Availability"] | null;
        };
        /** @description An offer in few words. */
        BestOfferView: {
            currency: string;
            /** Format: int32 */
            duration_minutes: number;
            /** Format: date-time */
            expires_at: string;
            id: components["schemas"]["OfferId"];
            /** Format: int64 */
            price_cents: number;
            provider_id: components["schemas"]["ProviderId"];
            provider_name: string;
        };
        /** @description A request with its booking. */
        BookedRequestView: {
            booking?: components["schemas"]["BriefBookingView"] | null;
            request: components["schemas"]["RequestView"];
        };
        /** @description Requests with bookings. */
        BookedView: {
            /**
             * Format: int64
             * @description How many there are.
             */
            count: number;
            /** @description The newest. */
            items: components["schemas"]["BookedRequestView"][];
        };
        /** @description `PUT /bookings/{id}/cancel` */
        BookingCancellation: {
            /**
             * Format: uuid
             * @description Which booking.
             */
            booking_id: string;
            /** @description Why. */
            reason?: string | null;
            /** @description Whether the request looks for somebody else then. */
            rebook: boolean;
        };
        /** @description How somebody is reached. */
        BookingContactView: {
            email?: string | null;
            name?: string | null;
            phone?: string | null;
            street?: string | null;
        };
        /** @description Bookings of a provider. */
        BookingCountsView: {
            /** Format: int64 */
            cancelled: number;
            /** Format: int64 */
            completed: number;
            /**
             * Format: int32
             * @description Called off by the provider in the last day before.
             */
            late_cancellations: number;
            /** Format: int64 */
            no_shows: number;
            /** Format: int64 */
            upcoming: number;
        };
        /**
         * Format: uuid
         * @description An accepted offer: who comes when, for how much.
         */
        BookingId: string;
        /**
         * @description Whose side of a booking somebody is on.
         * @enum {string}
         */
        BookingSide: "consumer" | "provider";
        /**
         * @description Where a booking stands.
         * @enum {string}
         */
        BookingStatus: "confirmed" | "completed" | "cancelled" | "no_show";
        /**
         * @description A booking as one side sees it.
         * @example {
         *       "id": "01a20c42-91e7-7d18-a2f5-60b3c7d9e814",
         *       "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *       "offer_id": "01a20a11-3c5d-7b20-9e44-1f6a8d0c2b73",
         *       "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *       "provider_name": "Curl & Co",
         *       "consumer_name": "Maya",
         *       "side": "consumer",
         *       "status": "confirmed",
         *       "service_id": "haircut",
         *       "price_cents": 5500,
         *       "currency": "USD",
         *       "slot": {
         *         "start_at": "2026-11-28T19:00:00Z",
         *         "end_at": "2026-11-28T20:00:00Z",
         *         "date": "2026-11-28",
         *         "start_time": "14:00",
         *         "end_time": "15:00",
         *         "zone": "America/New_York"
         *       },
         *       "place": "provider",
         *       "address": null,
         *       "instructions": null,
         *       "contact": {
         *         "name": "Curl & Co",
         *         "email": "curls@example.com",
         *         "phone": "+1 718 555 0100",
         *         "street": "12 Bergen Street"
         *       },
         *       "cancelled_by": null,
         *       "cancel_reason": null,
         *       "late": false,
         *       "proposal": null,
         *       "ended_at": null,
         *       "created_at": "2026-11-23T16:20:00Z",
         *       "updated_at": "2026-11-23T16:20:00Z"
         *     }
         */
        BookingView: {
            /** @description The consumer's, for work there; the provider sees it as long as `contact`. */
            address?: string | null;
            /** @description Why. */
            cancel_reason?: string | null;
            cancelled_by?: components["schemas"]["BookingSide"] | null;
            /** @description What the consumer is called. */
            consumer_name?: string | null;
            contact?: components["schemas"]["BookingContactView"] | null;
            /** Format: date-time */
            created_at: string;
            /** @description ISO 4217. */
            currency: string;
            /**
             * Format: date-time
             * @description When it left `confirmed`.
             */
            ended_at?: string | null;
            id: components["schemas"]["BookingId"];
            /** @description How to get in, what to know; the provider sees it as long as `contact`. */
            instructions?: string | null;
            /** @description Whether that was less than a day before the start. */
            late: boolean;
            offer_id: components["schemas"]["OfferId"];
            /** @description Where the work is done. */
            place: components["schemas"]["ServicePlace"];
            /**
             * Format: int64
             * @description In minor units.
             */
            price_cents: number;
            proposal?: components["schemas"]["ProposalView"] | null;
            provider_id: components["schemas"]["ProviderId"];
            /** @description The business's name. */
            provider_name: string;
            request_id: components["schemas"]["RequestId"];
            service_id: string;
            side?: components["schemas"]["BookingSide"] | null;
            slot: components["schemas"]["Slot"];
            status: components["schemas"]["BookingStatus"];
            /** Format: date-time */
            updated_at: string;
        };
        /**
         * @description A page of bookings.
         * @example {
         *       "items": [
         *         {
         *           "id": "01a20c42-91e7-7d18-a2f5-60b3c7d9e814",
         *           "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *           "offer_id": "01a20a11-3c5d-7b20-9e44-1f6a8d0c2b73",
         *           "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *           "provider_name": "Curl & Co",
         *           "consumer_name": "Maya",
         *           "side": "consumer",
         *           "status": "confirmed",
         *           "service_id": "haircut",
         *           "price_cents": 5500,
         *           "currency": "USD",
         *           "slot": {
         *             "start_at": "2026-11-28T19:00:00Z",
         *             "end_at": "2026-11-28T20:00:00Z",
         *             "date": "2026-11-28",
         *             "start_time": "14:00",
         *             "end_time": "15:00",
         *             "zone": "America/New_York"
         *           },
         *           "place": "provider",
         *           "address": null,
         *           "instructions": null,
         *           "contact": {
         *             "name": "Curl & Co",
         *             "email": "curls@example.com",
         *             "phone": "+1 718 555 0100",
         *             "street": "12 Bergen Street"
         *           },
         *           "cancelled_by": null,
         *           "cancel_reason": null,
         *           "late": false,
         *           "proposal": null,
         *           "ended_at": null,
         *           "created_at": "2026-11-23T16:20:00Z",
         *           "updated_at": "2026-11-23T16:20:00Z"
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        BookingsView: {
            items: components["schemas"]["BookingView"][];
            next_cursor?: string | null;
        };
        /** @description A rating in detail: as much of it as somebody wants to say. */
        Breakdown: {
            /**
             * Format: int32
             * @description How well one could talk with them.
             */
            communication?: number | null;
            /**
             * Format: int32
             * @description Whether they came in time.
             */
            punctuality?: number | null;
            /**
             * Format: int32
             * @description How good the work was.
             */
            quality?: number | null;
            /**
             * Format: int32
             * @description What it was worth.
             */
            value?: number | null;
        };
        /** @description Means of those who said. */
        BreakdownMeans: {
            /** Format: double */
            communication?: number | null;
            /** Format: double */
            punctuality?: number | null;
            /** Format: double */
            quality?: number | null;
            /** Format: double */
            value?: number | null;
        };
        /** @description A booking in few words. */
        BriefBookingView: {
            currency: string;
            id: components["schemas"]["BookingId"];
            /** Format: int64 */
            price_cents: number;
            provider_id: components["schemas"]["ProviderId"];
            provider_name: string;
            slot: components["schemas"]["Slot"];
        };
        /** @description What somebody wants to spend: "about 60" and "up to 60" are a maximum, a range is both. */
        Budget: {
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * Format: int64
             * @description Most, in minor units.
             */
            max_cents?: number | null;
            /**
             * Format: int64
             * @description Least, in minor units.
             */
            min_cents?: number | null;
        };
        /**
         * @description A business: all that a provider says of it, but for services and hours.
         * @example {
         *       "name": "Curls & Co",
         *       "headline": "Curly hair is all we do",
         *       "bio": "Fifteen years of curls.",
         *       "city": "Brooklyn",
         *       "radius_km": 10,
         *       "languages": [
         *         "English",
         *         "Spanish"
         *       ],
         *       "years_experience": 15,
         *       "email": "curls@example.com",
         *       "phone": "+1 718 555 0100",
         *       "street": "12 Bergen Street"
         *     }
         */
        Business: {
            /** @description In their own words. */
            bio?: string | null;
            /** @description Where they work from. */
            city: string;
            /**
             * Format: email
             * @description For the other side of a booking only.
             */
            email?: string | null;
            /** @description A line. */
            headline?: string | null;
            /** @description Languages they speak. */
            languages?: string[] | null;
            location?: components["schemas"]["Location"] | null;
            /** @description The business's name. */
            name: string;
            /** @description For the other side of a booking only. */
            phone?: string | null;
            /**
             * Format: double
             * @description How far they travel, in kilometres; 25 if absent.
             */
            radius_km?: number | null;
            /** @description For the other side of a booking only. */
            street?: string | null;
            /**
             * Format: int32
             * @description For how long they have done this.
             */
            years_experience?: number | null;
            /** @description IANA zone of it and of their calendar; that of the known city if absent. */
            zone?: string | null;
        };
        /**
         * @description What to do with which draft, in which version.
         * @example {
         *       "kind": "approve",
         *       "draft_id": "01a205b6-0a3e-7c90-9d15-52e8b7a4c038",
         *       "draft_version": 1
         *     }
         */
        ButtonBody: {
            /** Format: uuid */
            draft_id: string;
            /** Format: int32 */
            draft_version: number;
            kind: components["schemas"]["ActionKind"];
        };
        /** @description Something to say or do at a touch. */
        ButtonView: {
            action?: components["schemas"]["ActionView"] | null;
            label: string;
            /** @description What to say; null if it is something to do. */
            message?: string | null;
        };
        /**
         * @description `POST /requests/{request_id}/cancel`
         * @example {
         *       "reason": "My sister cuts it."
         *     }
         */
        CancelBody: {
            /** @description Why. */
            reason?: string | null;
        };
        /**
         * @description `PUT /bookings/{booking_id}/cancel`
         * @example {
         *       "reason": "I have to work that day.",
         *       "rebook": true
         *     }
         */
        CancelBookingBody: {
            /** @description Why; the other side reads it. */
            reason: string;
            /** @description Whether to look for somebody else, where the consumer cancels. */
            rebook?: boolean | null;
        };
        /** @description A provider as a search or a matching finds them, for one service. */
        Candidate: {
            /** @description Where they work from. */
            city: string;
            /** @description ISO 4217. */
            currency: string;
            /**
             * Format: double
             * @description Kilometres between the request and about where the provider is, where both have coordinates.
             */
            distance_km?: number | null;
            /** @description Their business's name. */
            name: string;
            /**
             * Format: int64
             * @description Their least price for the service, in minor units.
             */
            price_from_cents?: number | null;
            /** @description Who. */
            provider_id: components["schemas"]["ProviderId"];
            /**
             * Format: double
             * @description Mean rating 1 to 5; null below three reviews.
             */
            rating?: number | null;
            /**
             * Format: int32
             * @description How many reviews that is of.
             */
            review_count: number;
            /** @description Their finer skills for this service. */
            specializations: string[];
        };
        /**
         * @description The catalog in short: a page of its categories.
         * @example {
         *       "items": [
         *         {
         *           "id": "hair_beauty",
         *           "name": "Hair & beauty",
         *           "description": "Cuts, colour, braids, make-up and nails, at a salon or at home.",
         *           "services": [
         *             {
         *               "id": "haircut",
         *               "name": "Haircut",
         *               "licensed": false
         *             }
         *           ]
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        CatalogView: {
            items: components["schemas"]["CategorySummaryView"][];
            next_cursor?: string | null;
        };
        /**
         * @description `PUT /services/catalog/{category_id}`
         * @example {
         *       "name": "Hair & beauty",
         *       "description": "Cuts, colour, braids, make-up and nails."
         *     }
         */
        CategoryBody: {
            /** @description A sentence. */
            description: string;
            /** @description For people. */
            name: string;
        };
        /** @description A category in short. */
        CategorySummaryView: {
            description: string;
            id: string;
            name: string;
            services: components["schemas"]["ServiceSummaryView"][];
        };
        /**
         * @description A category with its services.
         * @example {
         *       "id": "hair_beauty",
         *       "name": "Hair & beauty",
         *       "description": "Cuts, colour, braids, make-up and nails, at a salon or at home.",
         *       "services": [
         *         {
         *           "category_id": "hair_beauty",
         *           "name": "Haircut",
         *           "description": "A cut or trim for any length and texture of hair.",
         *           "licensed": false,
         *           "places": [
         *             "provider",
         *             "consumer"
         *           ],
         *           "min_photos": 1,
         *           "price": {
         *             "min_cents": 3000,
         *             "max_cents": 12000,
         *             "currency": "USD"
         *           },
         *           "duration_minutes": {
         *             "min": 30,
         *             "max": 75
         *           },
         *           "specializations": [
         *             "curly hair",
         *             "fine hair",
         *             "fade"
         *           ],
         *           "id": "haircut"
         *         }
         *       ]
         *     }
         */
        CategoryView: {
            description: string;
            id: string;
            name: string;
            services: components["schemas"]["ServiceView"][];
        };
        /**
         * @description `POST /chat`
         * @example {
         *       "message": "I need a haircut for curly hair in Brooklyn this weekend, about $60",
         *       "session_id": null,
         *       "role": null,
         *       "media": [
         *         "01a205b8-31c6-7e92-8a0d-63f4b7c91e25"
         *       ],
         *       "client_message_id": "m-1",
         *       "action": null,
         *       "context": {
         *         "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615"
         *       }
         *     }
         */
        ChatBody: {
            action?: components["schemas"]["ActionBody"] | null;
            /** @description The client's own id of the message: sent twice, it is taken once. */
            client_message_id?: string | null;
            context?: components["schemas"]["ContextBody"] | null;
            /** @description Photos of the caller's that belong to it; no films. */
            media?: string[] | null;
            /** @description What is said: at least one character, unless there are `media` or an `action`. */
            message?: string | null;
            role?: components["schemas"]["AgentRole"] | null;
            /**
             * Format: uuid
             * @description In which conversation; a new one if absent.
             */
            session_id?: string | null;
        };
        /** @enum {string} */
        ChatKind: "chat";
        /**
         * @description What the agent says.
         * @example {
         *       "kind": "chat",
         *       "session_id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *       "message": "A haircut for curly hair in Brooklyn this weekend, up to $60. Shall I post it?",
         *       "data": {
         *         "gathered": {
         *           "service_id": "haircut",
         *           "category_id": "hair_beauty",
         *           "city": "Brooklyn",
         *           "zone": "America/New_York",
         *           "window": {
         *             "from": "2026-11-28T00:00",
         *             "to": "2026-11-29T23:59"
         *           },
         *           "budget": {
         *             "min_cents": null,
         *             "max_cents": 6000,
         *             "currency": "USD"
         *           },
         *           "specializations": [
         *             "curly hair"
         *           ],
         *           "notes": null,
         *           "urgency": null,
         *           "place": null,
         *           "media": [],
         *           "allow_duplicate": false
         *         },
         *         "providers": [
         *           {
         *             "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *             "name": "Curl & Co",
         *             "city": "Brooklyn",
         *             "rating": 4.8,
         *             "review_count": 27,
         *             "price_from_cents": 5500,
         *             "currency": "USD",
         *             "distance_km": null,
         *             "specializations": [
         *               "3B curls"
         *             ]
         *           }
         *         ]
         *       },
         *       "draft": {
         *         "id": "01a205b6-0a3e-7c90-9d15-52e8b7a4c038",
         *         "version": 1,
         *         "kind": "request",
         *         "fields": {
         *           "service_id": "haircut",
         *           "category_id": "hair_beauty",
         *           "city": "Brooklyn",
         *           "zone": "America/New_York",
         *           "window": {
         *             "from": "2026-11-28T00:00",
         *             "to": "2026-11-29T23:59"
         *           },
         *           "budget": {
         *             "min_cents": null,
         *             "max_cents": 6000,
         *             "currency": "USD"
         *           },
         *           "specializations": [
         *             "curly hair"
         *           ],
         *           "notes": null,
         *           "urgency": null,
         *           "place": null,
         *           "media": [],
         *           "allow_duplicate": false
         *         },
         *         "missing": [],
         *         "expires_at": "2026-11-30T15:04:07.940Z"
         *       },
         *       "awaiting_approval": true,
         *       "ui": null,
         *       "buttons": [
         *         {
         *           "label": "Approve",
         *           "message": null,
         *           "action": {
         *             "kind": "approve",
         *             "draft_id": "01a205b6-0a3e-7c90-9d15-52e8b7a4c038",
         *             "draft_version": 1
         *           }
         *         }
         *       ],
         *       "usage": {
         *         "model": "gpt-5-mini",
         *         "prompt_tokens": 812,
         *         "completion_tokens": 64,
         *         "cost_micros": 331,
         *         "cached": false
         *       }
         *     }
         */
        ChatResultView: {
            awaiting_approval: boolean;
            /** @description What the client may offer to say or do. */
            buttons: components["schemas"]["ButtonView"][];
            data: components["schemas"]["DataView"];
            draft?: components["schemas"]["DraftView"] | null;
            kind: components["schemas"]["ChatKind"];
            /** @description Markdown. */
            message: string;
            session_id: components["schemas"]["SessionId"];
            ui?: components["schemas"]["Ui"] | null;
            usage: components["schemas"]["AnswerUsageView"];
        };
        /**
         * @description A message was taken.
         * @example {
         *       "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *       "status": "processing",
         *       "session_id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *       "guest_token": "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwcm94aWUifQ.Zm9yLXNob3ctb25seQ"
         *     }
         */
        ChatView: {
            /** @description Proves a guest that was made now, or whose token is older than a day. */
            guest_token?: string;
            session_id?: components["schemas"]["SessionId"] | null;
            status: components["schemas"]["TaskStatus"];
            task_id: components["schemas"]["TaskId"];
        };
        /**
         * @description `POST /chat/sessions/claim`
         * @example {
         *       "guest_token": "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwcm94aWUifQ.Zm9yLXNob3ctb25seQ"
         *     }
         */
        ClaimBody: {
            /** @description The guest's token. */
            guest_token: string;
        };
        /**
         * @description What became the caller's.
         * @example {
         *       "sessions": [
         *         "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e"
         *       ]
         *     }
         */
        ClaimView: {
            /** @description Conversations. */
            sessions: components["schemas"]["SessionId"][];
        };
        /**
         * @description `POST /webhooks/clerk`: of the many fields of an event, those that count here. Svix adds others at will.
         * @example {
         *       "type": "user.updated",
         *       "timestamp": 1795446245120,
         *       "data": {
         *         "id": "user_29w83sxmDNGwOuEthce5gg56FcC",
         *         "first_name": "Maya",
         *         "updated_at": 1795446245000,
         *         "public_metadata": {
         *           "role": "provider"
         *         }
         *       }
         *     }
         */
        ClerkBody: {
            /** @description The user. */
            data: components["schemas"]["ClerkUser"];
            /**
             * Format: int64
             * @description When it happened, in milliseconds since 1970, before the year 10000.
             */
            timestamp?: number | null;
            /** @description As in `user.updated`. */
            type: string;
        };
        /** @description What the issuer's owner says of a user. */
        ClerkMetadata: {
            /** @description Counts if it is one of ours. */
            role?: unknown;
        };
        /** @description Of the many fields of a user, those that count here; other events have others. */
        ClerkUser: {
            first_name?: string | null;
            /** @description Its `sub` in tokens. */
            id?: string | null;
            public_metadata?: components["schemas"]["ClerkMetadata"] | null;
            /**
             * Format: int64
             * @description Milliseconds since 1970.
             */
            updated_at?: number | null;
        };
        /**
         * @description What the web client is told.
         * @example {
         *       "realtime_url": "https://live.example.com",
         *       "clerk_publishable_key": null,
         *       "sentry_dsn": null,
         *       "release": "proxie@0.1.0"
         *     }
         */
        ClientConfigView: {
            /** @description Lets people sign in with Clerk. */
            clerk_publishable_key?: string | null;
            /**
             * Format: uri
             * @description The origin of the realtime process; Socket.IO is at its `/ws/socket.io`.
             */
            realtime_url?: string | null;
            /** @description The build that serves it. */
            release: string;
            /**
             * Format: uri
             * @description Where errors in browsers are reported.
             */
            sentry_dsn?: string | null;
        };
        /**
         * @description Every code that a client can see.
         * @enum {string}
         */
        Code: "unauthenticated" | "account_closed" | "wrong_role" | "account_required" | "not_yours" | "not_found" | "method_not_allowed" | "invalid_json" | "invalid" | "illegal_move" | "email_taken" | "duplicate_request" | "too_many_live" | "no_provider_profile" | "provider_exists" | "offer_not_pending" | "request_closed" | "slot_taken" | "slot_not_offered" | "address_needed" | "already_reviewed" | "enrollment_incomplete" | "media_in_use" | "draft_changed" | "idempotency_mismatch" | "idempotency_in_flight" | "rate_limited" | "too_slow" | "too_large" | "no_such_range" | "media_unsupported" | "unavailable" | "internal" | "model_unavailable" | "model_timeout" | "model_malformed" | "budget_exceeded" | "task_timeout" | "task_abandoned";
        /**
         * @description How demanding a job is.
         * @enum {string}
         */
        Complexity: "simple" | "moderate" | "complex";
        /**
         * @description What a consumer could give way in.
         * @enum {string}
         */
        Constraint: "window" | "budget" | "distance" | "place";
        /**
         * @description A consumer, for themselves.
         * @example {
         *       "user_id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *       "name": "Maya",
         *       "email": null,
         *       "phone": "+1 718 555 0123",
         *       "street": "44 Court Street",
         *       "city": "Brooklyn",
         *       "zone": "America/New_York",
         *       "location": {
         *         "latitude": 40.6915,
         *         "longitude": -73.9913
         *       }
         *     }
         */
        ConsumerView: {
            city?: string | null;
            /** @description Where the provider of a booking reaches them; the account's if null. */
            email?: string | null;
            location?: components["schemas"]["Location"] | null;
            name?: string | null;
            phone?: string | null;
            street?: string | null;
            user_id: components["schemas"]["UserId"];
            zone?: string | null;
        };
        /** @description How a provider can be reached. */
        ContactView: {
            email?: string | null;
            location?: components["schemas"]["Location"] | null;
            phone?: string | null;
            street?: string | null;
        };
        /** @description What a message is about: one of these. */
        ContextBody: {
            /**
             * Format: uuid
             * @description A booking of either side.
             */
            booking_id?: string;
            /**
             * Format: uuid
             * @description An offer that the caller made or received.
             */
            offer_id?: string;
            /**
             * Format: uuid
             * @description Anybody who offers something.
             */
            provider_id?: string;
            /**
             * Format: uuid
             * @description A request of the caller's, or a lead.
             */
            request_id?: string;
        };
        /** @description What a message was about. */
        ContextView: {
            /** @description A request. */
            request_id: components["schemas"]["RequestId"];
        } | {
            /** @description An offer. */
            offer_id: components["schemas"]["OfferId"];
        } | {
            /** @description A booking. */
            booking_id: components["schemas"]["BookingId"];
        } | {
            /** @description A provider. */
            provider_id: components["schemas"]["ProviderId"];
        };
        /**
         * @description `POST /auth/login`
         * @example {
         *       "email": "maya@example.com",
         *       "password": "correct horse battery"
         *     }
         */
        CredentialsBody: {
            /** @description Names the account. */
            email: string;
            /** @description A guest's token: what the guest has becomes the account's. */
            guest_token?: string | null;
            /** @description Its password. */
            password: string;
        };
        /**
         * @description What an answer shows beside its text: any of these, as its reader may see it now.
         * @example {
         *       "gathered": {
         *         "service_id": "haircut",
         *         "category_id": "hair_beauty",
         *         "city": "Brooklyn",
         *         "zone": "America/New_York",
         *         "window": {
         *           "from": "2026-11-28T00:00",
         *           "to": "2026-11-29T23:59"
         *         },
         *         "budget": {
         *           "min_cents": null,
         *           "max_cents": 6000,
         *           "currency": "USD"
         *         },
         *         "specializations": [
         *           "curly hair"
         *         ],
         *         "notes": null,
         *         "urgency": null,
         *         "place": null,
         *         "media": [],
         *         "allow_duplicate": false
         *       },
         *       "providers": [
         *         {
         *           "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *           "name": "Curl & Co",
         *           "city": "Brooklyn",
         *           "rating": 4.8,
         *           "review_count": 27,
         *           "price_from_cents": 5500,
         *           "currency": "USD",
         *           "distance_km": null,
         *           "specializations": [
         *             "3B curls"
         *           ]
         *         }
         *       ]
         *     }
         */
        DataView: {
            booking?: components["schemas"]["BookingView"];
            bookings?: components["schemas"]["BookingView"][];
            /** @description What can be asked for and offered. */
            categories?: components["schemas"]["CategoryView"][];
            enrollment?: components["schemas"]["EnrollmentView"];
            /** @description What is known of the need. */
            gathered?: components["schemas"]["GatheredView"];
            lead?: components["schemas"]["LeadView"];
            leads?: components["schemas"]["LeadView"][];
            /** @description To compare. */
            offers?: components["schemas"]["OfferView"][];
            /** @description Who was found. */
            providers?: components["schemas"]["Candidate"][];
            request?: components["schemas"]["RequestView"];
            /** @description What to offer for a lead. */
            suggestion?: components["schemas"]["OfferDraftResultView"];
        };
        /**
         * @description `PUT /offers/{offer_id}/decline`
         * @example {
         *       "reason": "We found somebody nearer."
         *     }
         */
        DeclineBody: {
            /** @description Why; the provider reads it. */
            reason?: string | null;
        };
        /** @description How many gave which rating. */
        Distribution: {
            /** Format: int32 */
            1: number;
            /** Format: int32 */
            2: number;
            /** Format: int32 */
            3: number;
            /** Format: int32 */
            4: number;
            /** Format: int32 */
            5: number;
        };
        /**
         * @description An OpenAPI document, as far as it is said here; the rest is as OpenAPI 3.1 has it.
         * @example {
         *       "openapi": "3.1.0",
         *       "info": {
         *         "title": "Proxie",
         *         "version": "0.1.0"
         *       }
         *     }
         */
        DocumentView: {
            info: components["schemas"]["InfoView"];
            /** @description The version of OpenAPI. */
            openapi: string;
        };
        /**
         * Format: uuid
         * @description What the agent has prepared and the user has not approved yet.
         */
        DraftId: string;
        /**
         * @description What approving the draft would do.
         * @enum {string}
         */
        DraftKind: "request" | "request_cancellation" | "offer" | "withdrawal" | "decline" | "acceptance" | "booking_cancellation" | "reschedule" | "reschedule_answer" | "completion" | "no_show" | "review" | "review_response" | "enrollment" | "availability";
        /**
         * @description Whether a draft still waits.
         * @enum {string}
         */
        DraftStatus: "open" | "approved" | "cancelled" | "superseded";
        /** @description A draft as its owner sees it. */
        DraftView: {
            /**
             * Format: date-time
             * @description When it lapses.
             */
            expires_at: string;
            /** @description By its kind: the body of its endpoint, with what its path names. */
            fields: components["schemas"]["Fields"];
            /** @description Its id. */
            id: components["schemas"]["DraftId"];
            /** @description What approving it does. */
            kind: components["schemas"]["DraftKind"];
            /** @description What must still be known. */
            missing: string[];
            /**
             * Format: int32
             * @description An approval is of one version.
             */
            version: number;
        };
        /** @description How long a job may take, in minutes. */
        DurationEstimate: {
            /**
             * Format: int32
             * @description Most.
             */
            high: number;
            /**
             * Format: int32
             * @description Least.
             */
            low: number;
        };
        /** @description Typical duration, in minutes. */
        DurationRange: {
            /**
             * Format: int32
             * @description Most.
             */
            max: number;
            /**
             * Format: int32
             * @description Least.
             */
            min: number;
        };
        /** @description Something that happened and stands. */
        EffectView: {
            /**
             * Format: uuid
             * @description Of what it made or moved.
             */
            id: string;
            /** @description As in `request_created`. */
            kind: string;
        };
        /** @enum {string} */
        EmbeddingKind: "embedding";
        /** @description Whether a provider's vector was made anew. */
        EmbeddingResultView: {
            /** @description False if the text is as before, or no model makes vectors. */
            embedded: boolean;
            kind: components["schemas"]["EmbeddingKind"];
        };
        /**
         * @description What somebody says who is to be a provider, as far as it is filled in.
         * @example {
         *       "business_name": "Curls & Co",
         *       "city": "Brooklyn",
         *       "languages": [
         *         "English",
         *         "Spanish"
         *       ],
         *       "services": [
         *         {
         *           "service_id": "haircut",
         *           "places": [
         *             "provider"
         *           ],
         *           "price_min_cents": 5500,
         *           "price_max_cents": 9000,
         *           "currency": "USD",
         *           "duration_minutes": 60,
         *           "specializations": [
         *             "3B curls"
         *           ]
         *         }
         *       ],
         *       "availability": {
         *         "zone": "America/New_York",
         *         "weekly": {
         *           "tuesday": [
         *             {
         *               "start": "09:00",
         *               "end": "17:30"
         *             }
         *           ]
         *         },
         *         "exceptions": [],
         *         "notice_minutes": 120,
         *         "max_per_day": null,
         *         "buffer_minutes": 15
         *       },
         *       "portfolio": [
         *         {
         *           "media_id": "01a1c2e7-9d40-7b1c-8f52-6a0e3d94c7b8",
         *           "service_id": "haircut",
         *           "title": "Maya"
         *         }
         *       ]
         *     }
         */
        EnrollmentFields: {
            /** @default null */
            availability: components["schemas"]["Availability"] | null;
            /**
             * @description In their own words.
             * @default null
             */
            bio: string | null;
            /**
             * @description The business's name.
             * @default null
             */
            business_name: string | null;
            /**
             * @description Where they work from.
             * @default null
             */
            city: string | null;
            /**
             * Format: email
             * @description For the other side of a booking only.
             * @default null
             */
            email: string | null;
            /**
             * @description A line.
             * @default null
             */
            headline: string | null;
            /**
             * @description Languages they speak.
             * @default null
             */
            languages: string[] | null;
            /** @default null */
            location: components["schemas"]["Location"] | null;
            /**
             * @description For the other side of a booking only.
             * @default null
             */
            phone: string | null;
            /**
             * @description What they show of their work.
             * @default null
             */
            portfolio: components["schemas"]["EnrollmentPhoto"][] | null;
            /**
             * Format: double
             * @description How far they travel, in kilometres.
             * @default null
             */
            radius_km: number | null;
            /**
             * @description What they offer.
             * @default null
             */
            services: components["schemas"]["EnrollmentService"][] | null;
            /**
             * @description For the other side of a booking only.
             * @default null
             */
            street: string | null;
            /**
             * Format: int32
             * @description For how long they have done this.
             * @default null
             */
            years_experience: number | null;
            /**
             * @description IANA zone of it; that of the availability if absent.
             * @default null
             */
            zone: string | null;
        };
        /**
         * Format: uuid
         * @description Somebody on the way to being a provider.
         */
        EnrollmentId: string;
        /** @description A picture or film of one's work. */
        EnrollmentPhoto: {
            /** @description More of them. */
            description?: string | null;
            /**
             * Format: uuid
             * @description The picture or film, uploaded before.
             */
            media_id: string;
            /** @description What it shows; it counts for all services if absent. */
            service_id?: string | null;
            /** @description A few words. */
            title?: string | null;
        };
        /** @description A service that is to be offered, as far as it is filled in. */
        EnrollmentService: {
            /**
             * @description ISO 4217; the catalog's if absent.
             * @example USD
             */
            currency?: string | null;
            /** @description In their own words. */
            description?: string | null;
            /**
             * Format: int32
             * @description How long it usually takes; as the catalog says if absent.
             */
            duration_minutes?: number | null;
            /**
             * Format: date
             * @description Last day of the licence.
             */
            licence_expires_on?: string | null;
            /** @description Number of the licence, for a service that needs one. */
            licence_number?: string | null;
            /** @description Where they do it; wherever the catalog has it done if absent. */
            places?: components["schemas"]["ServicePlace"][] | null;
            /**
             * Format: int64
             * @description Most, in minor units.
             */
            price_max_cents?: number | null;
            /**
             * Format: int64
             * @description Least price, in minor units.
             */
            price_min_cents?: number | null;
            /** @description Slug of the service in the catalog. */
            service_id: string;
            /** @description Finer skills, as phrases. */
            specializations?: string[] | null;
        };
        /**
         * @description Where an enrollment stands.
         * @enum {string}
         */
        EnrollmentStatus: "draft" | "pending_verification" | "verified" | "rejected";
        /**
         * @description An enrollment as its owner sees it, and an admin.
         * @example {
         *       "id": "01a1c2c4-8e31-7d55-b2a0-5f8c1e90d3a6",
         *       "user_id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *       "status": "draft",
         *       "fields": {
         *         "business_name": "Curls & Co",
         *         "city": "Brooklyn",
         *         "services": [
         *           {
         *             "service_id": "haircut"
         *           }
         *         ]
         *       },
         *       "missing": [
         *         {
         *           "pointer": "/body/availability",
         *           "message": "Say when you work."
         *         },
         *         {
         *           "pointer": "/body/portfolio",
         *           "message": "Show at least 1 photos of Haircut."
         *         }
         *       ],
         *       "reasons": [],
         *       "provider_id": null,
         *       "expires_at": "2027-02-21T15:04:07.940Z",
         *       "submitted_at": null,
         *       "decided_at": null,
         *       "created_at": "2026-11-23T15:04:05.120Z",
         *       "updated_at": "2026-11-23T15:04:07.940Z"
         *     }
         */
        EnrollmentView: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When an admin decided last.
             */
            decided_at?: string | null;
            /**
             * Format: date-time
             * @description When the draft is deleted if nobody goes on with it.
             */
            expires_at: string;
            /** @description What is filled in. */
            fields: components["schemas"]["EnrollmentFields"];
            id: components["schemas"]["EnrollmentId"];
            /** @description What must still be filled in before it can be handed in; films are not told from pictures here. */
            missing: components["schemas"]["Problem"][];
            provider_id?: components["schemas"]["ProviderId"] | null;
            /** @description Why it was rejected; they stay until it is handed in again. */
            reasons: string[];
            status: components["schemas"]["EnrollmentStatus"];
            /** Format: date-time */
            submitted_at?: string | null;
            /** Format: date-time */
            updated_at: string;
            /** @description Whose it is. */
            user_id: components["schemas"]["UserId"];
        };
        /**
         * @description A page of enrollments.
         * @example {
         *       "items": [
         *         {
         *           "id": "01a1c2c4-8e31-7d55-b2a0-5f8c1e90d3a6",
         *           "user_id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *           "status": "draft",
         *           "fields": {
         *             "business_name": "Curls & Co",
         *             "city": "Brooklyn",
         *             "services": [
         *               {
         *                 "service_id": "haircut"
         *               }
         *             ]
         *           },
         *           "missing": [
         *             {
         *               "pointer": "/body/availability",
         *               "message": "Say when you work."
         *             },
         *             {
         *               "pointer": "/body/portfolio",
         *               "message": "Show at least 1 photos of Haircut."
         *             }
         *           ],
         *           "reasons": [],
         *           "provider_id": null,
         *           "expires_at": "2027-02-21T15:04:07.940Z",
         *           "submitted_at": null,
         *           "decided_at": null,
         *           "created_at": "2026-11-23T15:04:05.120Z",
         *           "updated_at": "2026-11-23T15:04:07.940Z"
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        EnrollmentsView: {
            items: components["schemas"]["EnrollmentView"][];
            next_cursor?: string | null;
        };
        /**
         * @description What an event tells; the last three end the stream.
         * @enum {string}
         */
        EventName: "stage" | "delta" | "reset" | "tool" | "completed" | "failed" | "cancelled";
        /**
         * @description One event of the stream.
         * @example {
         *       "id": "4",
         *       "event": "delta",
         *       "data": "{\"text\":\"Three people could \"}"
         *     }
         */
        EventView: {
            /** @description What is told, in JSON. */
            data: string;
            event: components["schemas"]["EventName"];
            /** @description Its number. */
            id: string;
        };
        /** @description A date with other hours than its weekday. */
        Exception: {
            /**
             * Format: date
             * @description The local date.
             * @example 2026-12-24
             */
            date: string;
            /** @description Its hours; closed if there are none. */
            hours?: components["schemas"]["Hours"][];
        };
        /**
         * @description All that is kept about a user.
         * @example {
         *       "user": {
         *         "id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *         "role": "consumer",
         *         "status": "active",
         *         "name": "Maya",
         *         "email": "maya@example.com",
         *         "created_at": "2026-11-23T15:04:05.120Z"
         *       },
         *       "sign_ins": [
         *         {
         *           "created_at": "2026-11-23T15:04:08.940Z",
         *           "expires_at": "2027-02-21T15:04:08.940Z"
         *         }
         *       ],
         *       "profile": {
         *         "email": null,
         *         "phone": "+1 718 555 0123",
         *         "street": "44 Court Street",
         *         "city": "Brooklyn",
         *         "zone": "America/New_York",
         *         "location": {
         *           "latitude": 40.6915,
         *           "longitude": -73.9913
         *         }
         *       },
         *       "memory": {
         *         "stated": {
         *           "budget": {
         *             "max_cents": 6000,
         *             "currency": "USD"
         *           },
         *           "timing": "Saturday mornings",
         *           "style": null,
         *           "places": [
         *             "Brooklyn"
         *           ],
         *           "favourite_providers": [
         *             {
         *               "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *               "name": "Curl & Co"
         *             }
         *           ]
         *         },
         *         "learned": {
         *           "budget": [
         *             {
         *               "service_id": "haircut",
         *               "usual_cents": 5700,
         *               "currency": "USD",
         *               "seen": 2,
         *               "last_seen_at": "2026-11-23T15:04:08.940Z"
         *             }
         *           ],
         *           "timing": [
         *             {
         *               "value": "weekend afternoons",
         *               "service_id": null,
         *               "seen": 2,
         *               "last_seen_at": "2026-11-23T15:04:08.940Z"
         *             }
         *           ],
         *           "style": [
         *             {
         *               "value": "curly hair",
         *               "service_id": "haircut",
         *               "seen": 2,
         *               "last_seen_at": "2026-11-23T15:04:08.940Z"
         *             }
         *           ],
         *           "places": [
         *             {
         *               "value": "Brooklyn",
         *               "service_id": null,
         *               "seen": 3,
         *               "last_seen_at": "2026-11-23T15:04:08.940Z"
         *             }
         *           ],
         *           "favourite_providers": [
         *             {
         *               "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *               "name": "Curl & Co",
         *               "seen": 1,
         *               "last_seen_at": "2026-11-23T15:04:08.940Z"
         *             }
         *           ]
         *         }
         *       },
         *       "sessions": [
         *         {
         *           "id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *           "title": "I need a haircut for curly hair",
         *           "role": "consumer",
         *           "created_at": "2026-11-23T15:04:05.120Z",
         *           "updated_at": "2026-11-23T15:04:07.940Z",
         *           "known": {
         *             "name": "Maya"
         *           },
         *           "summary": null,
         *           "messages": [
         *             {
         *               "id": "01a205b5-4c11-7d02-8c0e-3f5a9d1b7e10",
         *               "seq": 1,
         *               "client_message_id": null,
         *               "role": "user",
         *               "text": "I need a haircut for curly hair in Brooklyn this weekend, about $60",
         *               "media": [
         *                 {
         *                   "id": "01a205b8-31c6-7e92-8a0d-63f4b7c91e25",
         *                   "url": "/media/01a205b8-31c6-7e92-8a0d-63f4b7c91e25/original.1795447145.private.mVJ3o2cQk1TqYb8Wz5uR7eXh0LdGfNsAPiKtC4yBv6M",
         *                   "thumb_url": "/media/01a205b8-31c6-7e92-8a0d-63f4b7c91e25/thumb.1795447145.private.q8XnT0vK2wYb5RzMj7LhGd4FcPsEuA1iOeC6tB9yWxQ",
         *                   "mime": "image/jpeg",
         *                   "width": 3024,
         *                   "height": 4032,
         *                   "expires_at": "2026-11-23T15:19:05Z"
         *                 }
         *               ],
         *               "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *               "status": "completed",
         *               "data": null,
         *               "draft": null,
         *               "created_at": "2026-11-23T15:04:05.120Z",
         *               "action": null,
         *               "context": {
         *                 "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615"
         *               }
         *             }
         *           ],
         *           "drafts": [
         *             {
         *               "id": "01a205b6-0a3e-7c90-9d15-52e8b7a4c038",
         *               "version": 1,
         *               "kind": "request",
         *               "status": "open",
         *               "fields": {
         *                 "service_id": "haircut",
         *                 "category_id": "hair_beauty",
         *                 "city": "Brooklyn",
         *                 "zone": "America/New_York",
         *                 "window": {
         *                   "from": "2026-11-28T00:00",
         *                   "to": "2026-11-29T23:59"
         *                 },
         *                 "budget": {
         *                   "min_cents": null,
         *                   "max_cents": 6000,
         *                   "currency": "USD"
         *                 },
         *                 "specializations": [
         *                   "curly hair"
         *                 ],
         *                 "notes": null,
         *                 "urgency": null,
         *                 "place": null,
         *                 "media": [],
         *                 "allow_duplicate": false
         *               },
         *               "expires_at": "2026-11-30T15:04:07.940Z"
         *             }
         *           ]
         *         }
         *       ],
         *       "tasks": [
         *         {
         *           "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *           "kind": "matching",
         *           "status": "processing",
         *           "stage": "queued",
         *           "session_id": null,
         *           "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *           "retry_of": null,
         *           "result": null,
         *           "error": null,
         *           "effects": [],
         *           "created_at": "2026-11-23T15:04:08.940Z",
         *           "updated_at": "2026-11-23T15:04:08.940Z"
         *         }
         *       ],
         *       "requests": [
         *         {
         *           "id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *           "status": "booked",
         *           "service_id": "haircut",
         *           "city": "Brooklyn",
         *           "location": null,
         *           "place": null,
         *           "max_distance_km": null,
         *           "zone": "America/New_York",
         *           "window": {
         *             "from": "2026-11-28T00:00",
         *             "to": "2026-11-29T23:59"
         *           },
         *           "urgency": "flexible",
         *           "budget": {
         *             "min_cents": null,
         *             "max_cents": 6000,
         *             "currency": "USD"
         *           },
         *           "description": "",
         *           "specializations": [
         *             "curly hair"
         *           ],
         *           "media": [
         *             "01a205b8-31c6-7e92-8a0d-63f4b7c91e25"
         *           ],
         *           "matches": [
         *             {
         *               "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *               "score": 0.78,
         *               "factors": [
         *                 {
         *                   "name": "rating",
         *                   "weight": 0.4,
         *                   "value": 0.9,
         *                   "share": 0.36
         *                 },
         *                 {
         *                   "name": "distance",
         *                   "weight": 0.3,
         *                   "value": 0.8,
         *                   "share": 0.24
         *                 },
         *                 {
         *                   "name": "price",
         *                   "weight": 0.3,
         *                   "value": 0.6,
         *                   "share": 0.18
         *                 }
         *               ],
         *               "round": 1,
         *               "routed_at": "2026-11-23T15:04:08.940Z",
         *               "viewed": true,
         *               "passed": false
         *             }
         *           ],
         *           "history": [
         *             {
         *               "from": "matching",
         *               "to": "matched",
         *               "by": "nobody",
         *               "note": null,
         *               "at": "2026-11-23T15:31:02.512Z"
         *             }
         *           ],
         *           "matched_at": "2026-11-23T15:04:08.940Z",
         *           "expires_at": "2026-11-30T04:59:00Z",
         *           "created_at": "2026-11-23T15:04:08.940Z"
         *         }
         *       ],
         *       "leads": [],
         *       "offers": [
         *         {
         *           "id": "01a20a11-3c5d-7b20-9e44-1f6a8d0c2b73",
         *           "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *           "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *           "made": false,
         *           "service_id": "haircut",
         *           "status": "accepted",
         *           "price_cents": 5500,
         *           "currency": "USD",
         *           "price_notes": "Wash and cut.",
         *           "duration_minutes": 60,
         *           "message": "I cut curls dry, one by one.",
         *           "automatic": false,
         *           "slots": [
         *             {
         *               "start_at": "2026-11-28T19:00:00Z",
         *               "end_at": "2026-11-28T20:00:00Z"
         *             }
         *           ],
         *           "history": [
         *             {
         *               "from": "pending",
         *               "to": "accepted",
         *               "by": "you",
         *               "note": null,
         *               "at": "2026-11-23T15:31:02.512Z"
         *             }
         *           ],
         *           "expires_at": "2026-11-24T15:10:00Z",
         *           "created_at": "2026-11-23T15:31:02.512Z"
         *         }
         *       ],
         *       "bookings": [
         *         {
         *           "id": "01a20c42-91e7-7d18-a2f5-60b3c7d9e814",
         *           "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *           "offer_id": "01a20a11-3c5d-7b20-9e44-1f6a8d0c2b73",
         *           "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *           "provider_name": "Curl & Co",
         *           "consumer_name": "Maya",
         *           "side": "consumer",
         *           "status": "confirmed",
         *           "service_id": "haircut",
         *           "price_cents": 5500,
         *           "currency": "USD",
         *           "slot": {
         *             "start_at": "2026-11-28T19:00:00Z",
         *             "end_at": "2026-11-28T20:00:00Z",
         *             "date": "2026-11-28",
         *             "start_time": "14:00",
         *             "end_time": "15:00",
         *             "zone": "America/New_York"
         *           },
         *           "place": "provider",
         *           "address": null,
         *           "instructions": null,
         *           "contact": {
         *             "name": "Curl & Co",
         *             "email": "curls@example.com",
         *             "phone": "+1 718 555 0100",
         *             "street": "12 Bergen Street"
         *           },
         *           "cancelled_by": null,
         *           "cancel_reason": null,
         *           "late": false,
         *           "proposal": null,
         *           "ended_at": null,
         *           "created_at": "2026-11-23T16:20:00Z",
         *           "updated_at": "2026-11-23T16:20:00Z",
         *           "history": []
         *         }
         *       ],
         *       "reviews": {
         *         "written": [],
         *         "received": []
         *       },
         *       "enrollment": null,
         *       "business": null,
         *       "media": [
         *         {
         *           "id": "01a205b8-31c6-7e92-8a0d-63f4b7c91e25",
         *           "kind": "image",
         *           "mime": "image/jpeg",
         *           "bytes": 2481132,
         *           "width": 3024,
         *           "height": 4032,
         *           "created_at": "2026-11-23T15:04:08.940Z"
         *         }
         *       ],
         *       "notifications": [
         *         {
         *           "id": "01a205c4-6d21-7e62-8f05-1a9c3b7d2e80",
         *           "kind": "offer",
         *           "text": "You have an offer for your request.",
         *           "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *           "offer_id": "01a205c4-6d20-7b18-9e37-c0d5f2a81b46",
         *           "booking_id": null,
         *           "review_id": null,
         *           "enrollment_id": null,
         *           "created_at": "2026-11-23T15:31:02.512Z",
         *           "read_at": null
         *         }
         *       ],
         *       "usage": [
         *         {
         *           "day": "2026-11-23",
         *           "feature": "chat",
         *           "model": "gpt-5-mini",
         *           "calls": 12,
         *           "cached": 3,
         *           "failed": 1,
         *           "prompt_tokens": 9744,
         *           "completion_tokens": 768,
         *           "cost_micros": 3972
         *         }
         *       ],
         *       "admin_moves": []
         *     }
         */
        ExportView: {
            /** @description What admins did with what is theirs. */
            admin_moves: components["schemas"]["ExportedAdminMove"][];
            /** @description Of either side. */
            bookings: components["schemas"]["ExportedBooking"][];
            business?: components["schemas"]["ExportedBusinessView"] | null;
            enrollment?: components["schemas"]["ExportedEnrollment"] | null;
            /** @description Requests of others that went to their business. */
            leads: components["schemas"]["ExportedLead"][];
            /** @description What they uploaded; `GET /media/{media_id}` leads to the files. */
            media: components["schemas"]["ExportedMedia"][];
            memory?: components["schemas"]["Memory"] | null;
            notifications: components["schemas"]["NotificationView"][];
            /** @description Made by their business, or received. */
            offers: components["schemas"]["ExportedOffer"][];
            profile?: components["schemas"]["ExportedProfile"] | null;
            /** @description What they needed, and to whom that went. */
            requests: components["schemas"]["ExportedRequest"][];
            reviews: components["schemas"]["ExportedReviews"];
            sessions: components["schemas"]["ExportedSession"][];
            /** @description Where they are signed in. */
            sign_ins: components["schemas"]["ExportedSignIn"][];
            /** @description What was done for them in the background. */
            tasks: components["schemas"]["ExportedTask"][];
            /** @description What models cost that were called for them, by day, feature and model. */
            usage: components["schemas"]["UsageLineView"][];
            user: components["schemas"]["MeView"];
        };
        /** @description What an admin did. */
        ExportedAdminMove: {
            /** @description Noun and verb, as in `task.cancel`. */
            action: string;
            /** Format: date-time */
            created_at: string;
            /** @description More, depending on the action. */
            note: components["schemas"]["NoteView"];
            /**
             * Format: uuid
             * @description With what; null for what the catalog holds.
             */
            object_id?: string | null;
        };
        /** @description A booking as the reader's side sees it. */
        ExportedBooking: components["schemas"]["BookingView"] & {
            history: components["schemas"]["ExportedMove"][];
        };
        /** @description A business with all it says, offers and shows. */
        ExportedBusinessView: {
            availability?: components["schemas"]["Availability"] | null;
            history: components["schemas"]["ExportedMove"][];
            /**
             * Format: uuid
             * @description Its photo.
             */
            photo_id?: string | null;
            portfolio: components["schemas"]["ExportedItem"][];
            profile: components["schemas"]["ProfileView"];
            /** @description What it offers, with licences. */
            services: components["schemas"]["ProviderServiceView"][];
            settings: components["schemas"]["ProviderSettingsView"];
            /** @description How it words offers. */
            templates: components["schemas"]["TemplateView"][];
        };
        /** @description What an answer showed beside its text: what was found, and the ids of the rest, which stands elsewhere in here. */
        ExportedData: {
            booking_ids: components["schemas"]["BookingId"][];
            enrollment_id?: components["schemas"]["EnrollmentId"] | null;
            gathered?: components["schemas"]["GatheredView"] | null;
            /** @description By their requests. */
            lead_ids: components["schemas"]["RequestId"][];
            offer_ids: components["schemas"]["OfferId"][];
            /** @description Who was found. */
            providers?: components["schemas"]["Candidate"][] | null;
            request_id?: components["schemas"]["RequestId"] | null;
            suggestion?: components["schemas"]["OfferDraftResultView"] | null;
        };
        /** @description What the agent prepared. */
        ExportedDraft: {
            /** Format: date-time */
            expires_at: string;
            fields: components["schemas"]["Fields"];
            id: components["schemas"]["DraftId"];
            kind: components["schemas"]["DraftKind"];
            status: components["schemas"]["DraftStatus"];
            /** Format: int32 */
            version: number;
        };
        /** @description How somebody became a provider, or is about to. */
        ExportedEnrollment: {
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            decided_at?: string | null;
            /** Format: date-time */
            expires_at: string;
            /** @description What is filled in. */
            fields: components["schemas"]["EnrollmentFields"];
            history: components["schemas"]["ExportedMove"][];
            id: components["schemas"]["EnrollmentId"];
            provider_id?: components["schemas"]["ProviderId"] | null;
            /** @description Why it was rejected. */
            reasons: string[];
            status: components["schemas"]["EnrollmentStatus"];
            /** Format: date-time */
            submitted_at?: string | null;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description Something that a business shows. */
        ExportedItem: {
            /** Format: date-time */
            created_at: string;
            description: string;
            id: components["schemas"]["PortfolioItemId"];
            /** Format: uuid */
            media_id: string;
            /** @description Slug of the service that it shows. */
            service_id?: string | null;
            title: string;
        };
        /** @description A request that was routed to the business; what it asks for is its consumer's. */
        ExportedLead: {
            /**
             * Format: date-time
             * @description When it was offered for or passed, for the first time.
             */
            answered_at?: string | null;
            factors: components["schemas"]["Factor"][];
            /** @description Why it was passed. */
            pass_reason?: string | null;
            /** Format: date-time */
            passed_at?: string | null;
            request_id: components["schemas"]["RequestId"];
            /** Format: date-time */
            routed_at: string;
            /**
             * Format: double
             * @description 0 to 1.
             */
            score: number;
            /** Format: date-time */
            viewed_at?: string | null;
        };
        /** @description A provider that a request was routed to. */
        ExportedMatch: {
            factors: components["schemas"]["Factor"][];
            /** @description Whether they have passed. */
            passed: boolean;
            provider_id: components["schemas"]["ProviderId"];
            /**
             * Format: int32
             * @description With which routing, from 1.
             */
            round: number;
            /** Format: date-time */
            routed_at: string;
            /**
             * Format: double
             * @description 0 to 1.
             */
            score: number;
            /** @description Whether they have looked. */
            viewed: boolean;
        };
        /** @description A picture or film. */
        ExportedMedia: {
            /**
             * Format: int64
             * @description Its size.
             */
            bytes: number;
            /** Format: date-time */
            created_at: string;
            /**
             * Format: int32
             * @description In pixels.
             */
            height?: number | null;
            /** Format: uuid */
            id: string;
            kind: components["schemas"]["MediaKind"];
            mime: string;
            /**
             * Format: int32
             * @description In pixels.
             */
            width?: number | null;
        };
        /** @description Something that was said. */
        ExportedMessage: components["schemas"]["SaidView"] & {
            action?: components["schemas"]["ActionView"] | null;
            context?: components["schemas"]["ContextView"] | null;
            data?: components["schemas"]["ExportedData"] | null;
        };
        /** @description A move from one state to another. */
        ExportedMove: {
            /** Format: date-time */
            at: string;
            by: components["schemas"]["ExportedMover"];
            from: string;
            /** @description Why; of moves of others as far as both sides are shown it. */
            note?: string | null;
            to: string;
        };
        /**
         * @description Who moved something.
         * @enum {string}
         */
        ExportedMover: "you" | "another" | "nobody";
        /** @description An offer. */
        ExportedOffer: {
            /** @description Whether the provider's agent made it by their rules. */
            automatic: boolean;
            /** Format: date-time */
            created_at: string;
            /** @description ISO 4217. */
            currency: string;
            /** Format: int32 */
            duration_minutes: number;
            /** Format: date-time */
            expires_at: string;
            history: components["schemas"]["ExportedMove"][];
            id: components["schemas"]["OfferId"];
            /** @description Whether the business made it; else it was received. */
            made: boolean;
            message: string;
            /**
             * Format: int64
             * @description In minor units.
             */
            price_cents: number;
            price_notes: string;
            provider_id: components["schemas"]["ProviderId"];
            request_id: components["schemas"]["RequestId"];
            service_id: string;
            slots: components["schemas"]["ExportedSlot"][];
            status: components["schemas"]["OfferStatus"];
        };
        /** @description What a consumer says beside the name. */
        ExportedProfile: {
            city?: string | null;
            email?: string | null;
            location?: components["schemas"]["Location"] | null;
            phone?: string | null;
            street?: string | null;
            zone?: string | null;
        };
        /** @description A request. */
        ExportedRequest: {
            budget?: components["schemas"]["Budget"] | null;
            city: string;
            /** Format: date-time */
            created_at: string;
            description: string;
            /** Format: date-time */
            expires_at: string;
            history: components["schemas"]["ExportedMove"][];
            id: components["schemas"]["RequestId"];
            location?: components["schemas"]["Location"] | null;
            /**
             * Format: date-time
             * @description When it was last matched.
             */
            matched_at?: string | null;
            /** @description Whom it was routed to. */
            matches: components["schemas"]["ExportedMatch"][];
            /** Format: double */
            max_distance_km?: number | null;
            /** @description The photos that hang on it, in order. */
            media: string[];
            place?: components["schemas"]["ServicePlace"] | null;
            service_id: string;
            specializations: string[];
            status: components["schemas"]["RequestStatus"];
            urgency: components["schemas"]["Urgency"];
            window?: components["schemas"]["WindowView"] | null;
            zone: string;
        };
        /** @description A review. */
        ExportedReview: components["schemas"]["ReviewView"] & {
            booking_id?: components["schemas"]["BookingId"] | null;
        };
        /** @description What was said of bookings. */
        ExportedReviews: {
            /** @description Of the business. */
            received: components["schemas"]["ExportedReview"][];
            /** @description Of others. */
            written: components["schemas"]["ExportedReview"][];
        };
        /** @description A conversation with all that was said. */
        ExportedSession: components["schemas"]["SessionView"] & {
            drafts: components["schemas"]["ExportedDraft"][];
            /** @description What the agent knows from it. */
            known: components["schemas"]["Known"];
            messages: components["schemas"]["ExportedMessage"][];
            /** @description What was said first, in a few sentences, once it is long. */
            summary?: string | null;
        };
        /** @description A sign-in that has not ended. */
        ExportedSignIn: {
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends at the latest.
             */
            expires_at: string;
        };
        /** @description A slot of an offer. */
        ExportedSlot: {
            /** Format: date-time */
            end_at: string;
            /** Format: date-time */
            start_at: string;
        };
        /** @description What was done in the background. */
        ExportedTask: {
            /** Format: date-time */
            created_at: string;
            /** @description What already happened and stands. */
            effects: components["schemas"]["EffectView"][];
            error?: components["schemas"]["TaskErrorView"] | null;
            kind: components["schemas"]["TaskKind"];
            request_id?: components["schemas"]["RequestId"] | null;
            result?: components["schemas"]["ResultView"] | null;
            retry_of?: components["schemas"]["TaskId"] | null;
            session_id?: components["schemas"]["SessionId"] | null;
            stage: components["schemas"]["TaskStage"];
            status: components["schemas"]["TaskStatus"];
            task_id: components["schemas"]["TaskId"];
            /** Format: date-time */
            updated_at: string;
        };
        /** @description A part of a score. */
        Factor: {
            /** @description What it measures. */
            name: string;
            /**
             * Format: double
             * @description `weight × value`; all shares add up to the score.
             */
            share: number;
            /**
             * Format: double
             * @description 0 to 1.
             */
            value: number;
            /**
             * Format: double
             * @description How much it counts; all weights add up to 1.
             */
            weight: number;
        };
        /** @description A provider that somebody likes. */
        Favourite: {
            /** @description The business's name. */
            name: string;
            /** @description Whom. */
            provider_id: components["schemas"]["ProviderId"];
        };
        /**
         * @description What a model is called for.
         * @enum {string}
         */
        Feature: "chat" | "summary" | "embedding";
        /** @description What a draft holds, by its kind. */
        Fields: components["schemas"]["RequestFields"] | components["schemas"]["OfRequest"] | components["schemas"]["OfferFields"] | components["schemas"]["OfOffer"] | components["schemas"]["Acceptance"] | components["schemas"]["BookingCancellation"] | components["schemas"]["Reschedule"] | components["schemas"]["RescheduleAnswer"] | components["schemas"]["OfBooking"] | components["schemas"]["ReviewFields"] | components["schemas"]["ReviewResponse"] | components["schemas"]["OfEnrollment"] | components["schemas"]["AvailabilityFields"];
        /**
         * @description A provider that was found: its card, and how far it is.
         * @example {
         *       "id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *       "name": "Curl & Co",
         *       "headline": "Curly hair is all we do",
         *       "city": "Brooklyn",
         *       "zone": "America/New_York",
         *       "location": {
         *         "latitude": 40.68,
         *         "longitude": -73.94
         *       },
         *       "status": "active",
         *       "rating": 4.8,
         *       "review_count": 27,
         *       "completed_jobs": 41,
         *       "response_rate": 0.96,
         *       "response_minutes": 35,
         *       "services": [
         *         "haircut"
         *       ],
         *       "price_from_cents": 5500,
         *       "currency": "USD",
         *       "verified": false,
         *       "created_at": "2026-10-02T09:12:44.101Z",
         *       "distance_km": 3.4
         *     }
         */
        FoundProviderView: components["schemas"]["ProviderView"] & {
            /**
             * Format: double
             * @description From the place that is asked about, to about where the provider is.
             */
            distance_km?: number | null;
        };
        /**
         * @description A page of providers that were found.
         * @example {
         *       "items": [
         *         {
         *           "id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *           "name": "Curl & Co",
         *           "headline": "Curly hair is all we do",
         *           "city": "Brooklyn",
         *           "zone": "America/New_York",
         *           "location": {
         *             "latitude": 40.68,
         *             "longitude": -73.94
         *           },
         *           "status": "active",
         *           "rating": 4.8,
         *           "review_count": 27,
         *           "completed_jobs": 41,
         *           "response_rate": 0.96,
         *           "response_minutes": 35,
         *           "services": [
         *             "haircut"
         *           ],
         *           "price_from_cents": 5500,
         *           "currency": "USD",
         *           "verified": false,
         *           "created_at": "2026-10-02T09:12:44.101Z",
         *           "distance_km": 3.4
         *         }
         *       ],
         *       "next_cursor": "4.8_01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615"
         *     }
         */
        FoundProvidersView: {
            items: components["schemas"]["FoundProviderView"][];
            next_cursor?: string | null;
        };
        /**
         * @description The catalog with all that is known: a page of its categories.
         * @example {
         *       "items": [
         *         {
         *           "id": "hair_beauty",
         *           "name": "Hair & beauty",
         *           "description": "Cuts, colour, braids, make-up and nails, at a salon or at home.",
         *           "services": [
         *             {
         *               "category_id": "hair_beauty",
         *               "name": "Haircut",
         *               "description": "A cut or trim for any length and texture of hair.",
         *               "licensed": false,
         *               "places": [
         *                 "provider",
         *                 "consumer"
         *               ],
         *               "min_photos": 1,
         *               "price": {
         *                 "min_cents": 3000,
         *                 "max_cents": 12000,
         *                 "currency": "USD"
         *               },
         *               "duration_minutes": {
         *                 "min": 30,
         *                 "max": 75
         *               },
         *               "specializations": [
         *                 "curly hair",
         *                 "fine hair",
         *                 "fade"
         *               ],
         *               "id": "haircut"
         *             }
         *           ]
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        FullCatalogView: {
            items: components["schemas"]["CategoryView"][];
            next_cursor?: string | null;
        };
        /** @description What is known of the need, and of who has it. */
        GatheredView: components["schemas"]["RequestFields"] & {
            /** @description The first name they gave. */
            name?: string;
        };
        /**
         * @description A consumer's requests, by where they stand.
         * @example {
         *       "open": {
         *         "count": 0,
         *         "items": []
         *       },
         *       "pending": {
         *         "count": 1,
         *         "items": [
         *           {
         *             "request": {
         *               "id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *               "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *               "status": "matching",
         *               "service_id": "haircut",
         *               "city": "Brooklyn",
         *               "location": null,
         *               "zone": "America/New_York",
         *               "place": null,
         *               "max_distance_km": null,
         *               "window": {
         *                 "from": "2026-11-28T00:00",
         *                 "to": "2026-11-29T23:59"
         *               },
         *               "urgency": "flexible",
         *               "budget": {
         *                 "min_cents": null,
         *                 "max_cents": 6000,
         *                 "currency": "USD"
         *               },
         *               "description": "",
         *               "specializations": [
         *                 "curly hair"
         *               ],
         *               "media": [],
         *               "match": {
         *                 "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *                 "status": "processing",
         *                 "matched_at": null
         *               },
         *               "expires_at": "2026-11-30T04:59:00Z",
         *               "created_at": "2026-11-23T15:04:05.120Z"
         *             },
         *             "offers": 2,
         *             "best_offer": {
         *               "id": "01a205c4-6d20-7b18-9e37-c0d5f2a81b46",
         *               "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *               "provider_name": "Curl & Co",
         *               "price_cents": 5500,
         *               "currency": "USD",
         *               "duration_minutes": 60,
         *               "expires_at": "2026-11-24T15:31:02.512Z"
         *             }
         *           }
         *         ]
         *       },
         *       "upcoming": {
         *         "count": 1,
         *         "items": [
         *           {
         *             "request": {
         *               "id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *               "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *               "status": "matching",
         *               "service_id": "haircut",
         *               "city": "Brooklyn",
         *               "location": null,
         *               "zone": "America/New_York",
         *               "place": null,
         *               "max_distance_km": null,
         *               "window": {
         *                 "from": "2026-11-28T00:00",
         *                 "to": "2026-11-29T23:59"
         *               },
         *               "urgency": "flexible",
         *               "budget": {
         *                 "min_cents": null,
         *                 "max_cents": 6000,
         *                 "currency": "USD"
         *               },
         *               "description": "",
         *               "specializations": [
         *                 "curly hair"
         *               ],
         *               "media": [],
         *               "match": {
         *                 "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *                 "status": "processing",
         *                 "matched_at": null
         *               },
         *               "expires_at": "2026-11-30T04:59:00Z",
         *               "created_at": "2026-11-23T15:04:05.120Z"
         *             },
         *             "booking": {
         *               "id": "01a205d1-93f4-7c05-a6e2-5b8d17f0c934",
         *               "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *               "provider_name": "Curl & Co",
         *               "price_cents": 5500,
         *               "currency": "USD",
         *               "slot": {
         *                 "start_at": "2026-11-28T19:00:00Z",
         *                 "end_at": "2026-11-28T20:00:00Z",
         *                 "date": "2026-11-28",
         *                 "start_time": "14:00",
         *                 "end_time": "15:00",
         *                 "zone": "America/New_York"
         *               }
         *             }
         *           }
         *         ]
         *       },
         *       "completed": {
         *         "count": 0,
         *         "items": []
         *       }
         *     }
         */
        GroupedView: {
            /** @description Done. */
            completed: components["schemas"]["BookedView"];
            /** @description No offer yet. */
            open: components["schemas"]["OpenView"];
            /** @description Offers wait for an answer. */
            pending: components["schemas"]["PendingView"];
            /** @description Booked. */
            upcoming: components["schemas"]["BookedView"];
        };
        /**
         * @description The process lives.
         * @example {
         *       "status": "ok"
         *     }
         */
        HealthView: {
            status: string;
        };
        /**
         * @description A stretch of a day by local clocks, in minutes since midnight; written `HH:MM`. As an end, `00:00` and `24:00` both
         *     are midnight at the end of the day, which is written `00:00`: as clocks show it.
         */
        Hours: {
            /**
             * @description End, `HH:MM`, after the begin; `00:00` is midnight at the end of the day.
             * @example 17:30
             */
            end: string;
            /**
             * @description Begin, `HH:MM`.
             * @example 09:00
             */
            start: string;
        };
        /** @description What it documents. */
        InfoView: {
            title: string;
            version: string;
        };
        /** @description What the conversation has told about the person, beside the draft. */
        Known: {
            /** @description The first name they gave. */
            name?: string | null;
        };
        /**
         * @description A page of leads.
         * @example {
         *       "items": [
         *         {
         *           "request": {
         *             "id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *             "status": "matched",
         *             "service_id": "haircut",
         *             "city": "Brooklyn",
         *             "zone": "America/New_York",
         *             "place": null,
         *             "window": {
         *               "from": "2026-11-28T00:00",
         *               "to": "2026-11-29T23:59"
         *             },
         *             "urgency": "flexible",
         *             "budget": {
         *               "min_cents": null,
         *               "max_cents": 6000,
         *               "currency": "USD"
         *             },
         *             "description": "",
         *             "specializations": [
         *               "curly hair"
         *             ],
         *             "media": [],
         *             "first_name": "Maya",
         *             "specialist": {
         *               "name": "Hair & beauty",
         *               "complexity": "moderate",
         *               "price": {
         *                 "low_cents": 3500,
         *                 "high_cents": 14000,
         *                 "currency": "USD"
         *               },
         *               "duration_minutes": {
         *                 "low": 40,
         *                 "high": 95
         *               },
         *               "factors": [
         *                 {
         *                   "name": "curls",
         *                   "price_factor": 1.15,
         *                   "duration_factor": 1.25,
         *                   "because": "Curls are cut and dried piece by piece."
         *                 }
         *               ],
         *               "warnings": [],
         *               "notes": [
         *                 "Ask for the curl pattern, and whether it is to be cut dry.",
         *                 "Curls are cut and dried piece by piece."
         *               ]
         *             },
         *             "expires_at": "2026-11-30T04:59:00Z",
         *             "created_at": "2026-11-23T15:04:08.940Z"
         *           },
         *           "score": 0.78,
         *           "why": [
         *             "Your reviews are good.",
         *             "It is near.",
         *             "Your price fits the budget."
         *           ],
         *           "routed_at": "2026-11-23T15:04:09.310Z",
         *           "viewed": true,
         *           "viewed_at": "2026-11-23T15:20:41.007Z",
         *           "passed": false,
         *           "passed_at": null,
         *           "offered": false,
         *           "offer_id": null
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        LeadListView: {
            items: components["schemas"]["LeadView"][];
            next_cursor?: string | null;
        };
        /**
         * @description A request that was routed to the caller.
         * @example {
         *       "request": {
         *         "id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *         "status": "matched",
         *         "service_id": "haircut",
         *         "city": "Brooklyn",
         *         "zone": "America/New_York",
         *         "place": null,
         *         "window": {
         *           "from": "2026-11-28T00:00",
         *           "to": "2026-11-29T23:59"
         *         },
         *         "urgency": "flexible",
         *         "budget": {
         *           "min_cents": null,
         *           "max_cents": 6000,
         *           "currency": "USD"
         *         },
         *         "description": "",
         *         "specializations": [
         *           "curly hair"
         *         ],
         *         "media": [],
         *         "first_name": "Maya",
         *         "specialist": {
         *           "name": "Hair & beauty",
         *           "complexity": "moderate",
         *           "price": {
         *             "low_cents": 3500,
         *             "high_cents": 14000,
         *             "currency": "USD"
         *           },
         *           "duration_minutes": {
         *             "low": 40,
         *             "high": 95
         *           },
         *           "factors": [
         *             {
         *               "name": "curls",
         *               "price_factor": 1.15,
         *               "duration_factor": 1.25,
         *               "because": "Curls are cut and dried piece by piece."
         *             }
         *           ],
         *           "warnings": [],
         *           "notes": [
         *             "Ask for the curl pattern, and whether it is to be cut dry.",
         *             "Curls are cut and dried piece by piece."
         *           ]
         *         },
         *         "expires_at": "2026-11-30T04:59:00Z",
         *         "created_at": "2026-11-23T15:04:08.940Z"
         *       },
         *       "score": 0.78,
         *       "why": [
         *         "Your reviews are good.",
         *         "It is near.",
         *         "Your price fits the budget."
         *       ],
         *       "routed_at": "2026-11-23T15:04:09.310Z",
         *       "viewed": true,
         *       "viewed_at": "2026-11-23T15:20:41.007Z",
         *       "passed": false,
         *       "passed_at": null,
         *       "offered": false,
         *       "offer_id": null
         *     }
         */
        LeadView: {
            offer_id?: components["schemas"]["OfferId"] | null;
            offered: boolean;
            passed: boolean;
            /** Format: date-time */
            passed_at?: string | null;
            request: components["schemas"]["NeedView"];
            /** Format: date-time */
            routed_at: string;
            /**
             * Format: double
             * @description 0 to 1.
             */
            score: number;
            viewed: boolean;
            /** Format: date-time */
            viewed_at?: string | null;
            /** @description What speaks most for it. */
            why: string[];
        };
        /** @description Requests that were routed to a provider. */
        LeadsView: {
            /** Format: int64 */
            passed: number;
            /** Format: int64 */
            total: number;
            /** Format: int64 */
            viewed: number;
        };
        /** @description What was learned from what somebody did; of each the surest first. */
        Learned: {
            /** @description What they spend. */
            budget: components["schemas"]["LearnedBudget"][];
            /** @description Whom they like. */
            favourite_providers: components["schemas"]["LearnedFavourite"][];
            /** @description Where they need things. */
            places: components["schemas"]["LearnedPreference"][];
            /** @description What they ask for. */
            style: components["schemas"]["LearnedPreference"][];
            /** @description When they have things done. */
            timing: components["schemas"]["LearnedPreference"][];
        };
        /** @description What somebody usually spends for a service. */
        LearnedBudget: {
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * Format: date-time
             * @description When last.
             */
            last_seen_at: string;
            /**
             * Format: int32
             * @description How often it was seen.
             */
            seen: number;
            /** @description Slug of the service. */
            service_id: string;
            /**
             * Format: int64
             * @description About how much, in minor units.
             */
            usual_cents: number;
        };
        /** @description A provider that somebody came back to, or was content with. */
        LearnedFavourite: {
            /**
             * Format: date-time
             * @description When last.
             */
            last_seen_at: string;
            /** @description The business's name. */
            name: string;
            /** @description Whom. */
            provider_id: components["schemas"]["ProviderId"];
            /**
             * Format: int32
             * @description How often it was seen.
             */
            seen: number;
        };
        /** @description Something that was learned, in words. */
        LearnedPreference: {
            /**
             * Format: date-time
             * @description When last.
             */
            last_seen_at: string;
            /**
             * Format: int32
             * @description How often it was seen.
             */
            seen: number;
            /** @description Slug of the service that it was seen with; null for what holds of all. */
            service_id?: string | null;
            /** @description What. */
            value: string;
        };
        /**
         * @description Whether a service that needs a licence has one.
         * @enum {string}
         */
        Licence: "not_needed" | "pending_verification" | "verified" | "rejected";
        /**
         * @description A provider's licence for a service.
         * @example {
         *       "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *       "service_id": "pipe_repair",
         *       "licence": "verified",
         *       "licence_number": "NYC-LMP-1234",
         *       "licence_expires_on": "2028-06-30",
         *       "note": null
         *     }
         */
        LicenceView: {
            licence: components["schemas"]["Licence"];
            /**
             * Format: date
             * @description Its last day.
             */
            licence_expires_on?: string | null;
            licence_number?: string | null;
            /** @description Why, for the provider. */
            note?: string | null;
            provider_id: components["schemas"]["ProviderId"];
            service_id: string;
        };
        /** @description A slot as somebody names it: by the clocks of the place. */
        LocalSlot: {
            /**
             * Format: date
             * @description `YYYY-MM-DD`.
             */
            date: string;
            /** @description `HH:MM`. */
            start_time: string;
        };
        /** @description A point on the globe, in degrees. */
        Location: {
            /**
             * Format: double
             * @description Degrees north.
             */
            latitude: number;
            /**
             * Format: double
             * @description Degrees east.
             */
            longitude: number;
        };
        /**
         * @description `PATCH /consumers/…/location`: what is left out stays, null takes away.
         * @example {
         *       "city": "Queens",
         *       "location": null
         *     }
         */
        LocationBody: {
            /** @description Where they live; a known city brings its zone. */
            city?: string | null;
            location?: components["schemas"]["Location"] | null;
            /** @description IANA zone of it. */
            zone?: string | null;
        };
        /** @description A provider with its score. */
        Match: {
            /** @description How it came about. */
            factors: components["schemas"]["Factor"][];
            /** @description Who. */
            provider_id: components["schemas"]["ProviderId"];
            /**
             * Format: double
             * @description 0 to 1.
             */
            score: number;
        };
        /** @description The latest matching. */
        MatchView: {
            /**
             * Format: date-time
             * @description When the request was last matched.
             */
            matched_at?: string | null;
            status: components["schemas"]["TaskStatus"];
            task_id: components["schemas"]["TaskId"];
        };
        /** @description A provider in few words. */
        MatchedProviderView: {
            city: string;
            /**
             * Format: int32
             * @description Jobs done through here.
             */
            completed_jobs: number;
            headline: string;
            id: components["schemas"]["ProviderId"];
            name: string;
            photo_id?: components["schemas"]["MediaId"] | null;
            /**
             * Format: double
             * @description Mean rating 1 to 5; null below three reviews.
             */
            rating?: number | null;
            /** Format: int32 */
            review_count: number;
        };
        /**
         * @description A provider that a request was routed to.
         * @example {
         *       "provider": {
         *         "id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *         "name": "Curl & Co",
         *         "headline": "Curls, cut dry",
         *         "city": "Brooklyn",
         *         "photo_id": null,
         *         "rating": 4.8,
         *         "review_count": 27,
         *         "completed_jobs": 112
         *       },
         *       "score": 0.78,
         *       "factors": [
         *         {
         *           "name": "rating",
         *           "weight": 0.4,
         *           "value": 0.9,
         *           "share": 0.36
         *         },
         *         {
         *           "name": "distance",
         *           "weight": 0.3,
         *           "value": 0.8,
         *           "share": 0.24
         *         },
         *         {
         *           "name": "price",
         *           "weight": 0.3,
         *           "value": 0.6,
         *           "share": 0.18
         *         }
         *       ],
         *       "round": 1,
         *       "routed_at": "2026-11-23T15:04:09.310Z",
         *       "viewed": true,
         *       "passed": false
         *     }
         */
        MatchedView: {
            factors: components["schemas"]["Factor"][];
            /** @description Whether they have passed. */
            passed: boolean;
            provider: components["schemas"]["MatchedProviderView"];
            /**
             * Format: int32
             * @description Which routing they came with, from 1.
             */
            round: number;
            /** Format: date-time */
            routed_at: string;
            /**
             * Format: double
             * @description 0 to 1: the sum of the shares.
             */
            score: number;
            /** @description Whether they have looked. */
            viewed: boolean;
        };
        /**
         * @description A page of the providers that a request was routed to.
         * @example {
         *       "items": [
         *         {
         *           "provider": {
         *             "id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *             "name": "Curl & Co",
         *             "headline": "Curls, cut dry",
         *             "city": "Brooklyn",
         *             "photo_id": null,
         *             "rating": 4.8,
         *             "review_count": 27,
         *             "completed_jobs": 112
         *           },
         *           "score": 0.78,
         *           "factors": [
         *             {
         *               "name": "rating",
         *               "weight": 0.4,
         *               "value": 0.9,
         *               "share": 0.36
         *             },
         *             {
         *               "name": "distance",
         *               "weight": 0.3,
         *               "value": 0.8,
         *               "share": 0.24
         *             },
         *             {
         *               "name": "price",
         *               "weight": 0.3,
         *               "value": 0.6,
         *               "share": 0.18
         *             }
         *           ],
         *           "round": 1,
         *           "routed_at": "2026-11-23T15:04:09.310Z",
         *           "viewed": true,
         *           "passed": false
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        MatchesView: {
            items: components["schemas"]["MatchedView"][];
            next_cursor?: string | null;
        };
        /** @enum {string} */
        MatchingKind: "matching";
        /** @description Who could do it. */
        MatchingResultView: {
            /**
             * Format: int64
             * @description How many were looked at.
             */
            considered: number;
            kind: components["schemas"]["MatchingKind"];
            /** @description The best first. */
            matches: components["schemas"]["Match"][];
            /** @description What would let more in. */
            relax: components["schemas"]["Relax"][];
            request_id: components["schemas"]["RequestId"];
        };
        /**
         * @description A user with what is kept about them.
         * @example {
         *       "id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *       "role": "consumer",
         *       "status": "active",
         *       "name": "Maya",
         *       "email": "maya@example.com",
         *       "created_at": "2026-11-23T15:04:05.120Z"
         *     }
         */
        MeView: {
            /** Format: date-time */
            created_at: string;
            /** @description Of the account here; null for users of other issuers. */
            email?: string | null;
            id: components["schemas"]["UserId"];
            name?: string | null;
            role: components["schemas"]["Role"];
            status: components["schemas"]["UserStatus"];
        };
        /**
         * Format: uuid
         * @description A picture or a film.
         */
        MediaId: string;
        /**
         * @description What it is.
         * @enum {string}
         */
        MediaKind: "image" | "video";
        /**
         * @description A picture or film, with links to its files.
         * @example {
         *       "id": "01a205b8-31c6-7e92-8a0d-63f4b7c91e25",
         *       "url": "/media/01a205b8-31c6-7e92-8a0d-63f4b7c91e25/original.1795447145.private.mVJ3o2cQk1TqYb8Wz5uR7eXh0LdGfNsAPiKtC4yBv6M",
         *       "thumb_url": "/media/01a205b8-31c6-7e92-8a0d-63f4b7c91e25/thumb.1795447145.private.q8XnT0vK2wYb5RzMj7LhGd4FcPsEuA1iOeC6tB9yWxQ",
         *       "mime": "image/jpeg",
         *       "width": 3024,
         *       "height": 4032,
         *       "expires_at": "2026-11-23T15:19:05Z"
         *     }
         */
        MediaView: {
            /**
             * Format: date-time
             * @description When the links cease to be good; ask again for others.
             */
            expires_at: string;
            /**
             * Format: int32
             * @description In pixels, as it is seen; of a film, if it says so.
             */
            height?: number | null;
            /** Format: uuid */
            id: string;
            /** @description `image/jpeg`, `image/png`, `image/webp` or `video/mp4`. */
            mime: string;
            /** @description Where a small JPEG of a picture is; of a film there is none. */
            thumb_url?: string | null;
            /** @description Where it is, below the address of this API. Whoever has the link may read it until `expires_at`. */
            url: string;
            /**
             * Format: int32
             * @description In pixels, as it is seen; of a film, if it says so.
             */
            width?: number | null;
        };
        /** @description What is remembered of somebody. */
        Memory: {
            /** @description What they did. */
            learned: components["schemas"]["Learned"];
            /** @description What they said: it comes before what was learned. */
            stated: components["schemas"]["Stated"];
        };
        /**
         * @description `PATCH /consumers/me/memory`: what is left out stays, null takes away.
         * @example {
         *       "budget": {
         *         "max_cents": 6000,
         *         "currency": "USD"
         *       },
         *       "timing": "Saturday mornings",
         *       "style": null,
         *       "places": [
         *         "Brooklyn"
         *       ]
         *     }
         */
        MemoryBody: {
            budget?: components["schemas"]["Spending"] | null;
            /** @description Whom one likes: all of them. */
            favourite_providers?: components["schemas"]["ProviderId"][] | null;
            /** @description Where one needs things: all of them. */
            places?: string[] | null;
            /** @description How one likes it. */
            style?: string | null;
            /** @description When it suits one. */
            timing?: string | null;
        };
        /**
         * @description What is remembered of a consumer.
         * @example {
         *       "stated": {
         *         "budget": {
         *           "max_cents": 6000,
         *           "currency": "USD"
         *         },
         *         "timing": "Saturday mornings",
         *         "style": null,
         *         "places": [
         *           "Brooklyn"
         *         ],
         *         "favourite_providers": [
         *           {
         *             "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *             "name": "Curl & Co"
         *           }
         *         ]
         *       },
         *       "learned": {
         *         "budget": [
         *           {
         *             "service_id": "haircut",
         *             "usual_cents": 5700,
         *             "currency": "USD",
         *             "seen": 2,
         *             "last_seen_at": "2026-11-23T15:04:08.940Z"
         *           }
         *         ],
         *         "timing": [
         *           {
         *             "value": "weekend afternoons",
         *             "service_id": null,
         *             "seen": 2,
         *             "last_seen_at": "2026-11-23T15:04:08.940Z"
         *           }
         *         ],
         *         "style": [
         *           {
         *             "value": "curly hair",
         *             "service_id": "haircut",
         *             "seen": 2,
         *             "last_seen_at": "2026-11-23T15:04:08.940Z"
         *           }
         *         ],
         *         "places": [
         *           {
         *             "value": "Brooklyn",
         *             "service_id": null,
         *             "seen": 3,
         *             "last_seen_at": "2026-11-23T15:04:08.940Z"
         *           }
         *         ],
         *         "favourite_providers": [
         *           {
         *             "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *             "name": "Curl & Co",
         *             "seen": 1,
         *             "last_seen_at": "2026-11-23T15:04:08.940Z"
         *           }
         *         ]
         *       }
         *     }
         */
        MemoryView: {
            /** @description What they did. */
            learned: components["schemas"]["Learned"];
            /** @description What they said: it comes before what was learned. */
            stated: components["schemas"]["Stated"];
        };
        /**
         * Format: uuid
         * @description A message of a conversation.
         */
        MessageId: string;
        /** @description Something that was said. */
        MessageView: components["schemas"]["SaidView"] & {
            data?: components["schemas"]["DataView"] | null;
            status?: components["schemas"]["TaskStatus"] | null;
        };
        /** @description A page of messages, in order. */
        MessagesView: {
            items: components["schemas"]["MessageView"][];
            /** @description Towards newer messages. */
            next_cursor?: string | null;
            /** @description Towards older ones. */
            prev_cursor?: string | null;
        };
        /** @description What more some codes tell. */
        More: {
            /** @description Where it could go from there. */
            allowed?: string[];
            draft?: components["schemas"]["DraftView"] | null;
            /** @description With a move that the state does not allow: how it stands. */
            from?: string;
            /** @description With `slot_taken`: free slots that the offer takes instead, for 15 minutes. */
            slots?: components["schemas"]["Slot"][];
        };
        /**
         * @description A slot by the provider's clocks.
         * @example {
         *       "date": "2026-11-28",
         *       "start_time": "14:00"
         *     }
         */
        NamedSlotBody: {
            /**
             * Format: date
             * @description The local date of its begin.
             * @example 2026-11-28
             */
            date: string;
            /**
             * @description Its begin as local clocks show it, `HH:MM`.
             * @example 14:00
             */
            start_time: string;
        };
        /**
         * @description A request as the providers see it that it was routed to: nothing by which the consumer could be reached or found.
         * @example {
         *       "id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *       "status": "matched",
         *       "service_id": "haircut",
         *       "city": "Brooklyn",
         *       "zone": "America/New_York",
         *       "place": null,
         *       "window": {
         *         "from": "2026-11-28T00:00",
         *         "to": "2026-11-29T23:59"
         *       },
         *       "urgency": "flexible",
         *       "budget": {
         *         "min_cents": null,
         *         "max_cents": 6000,
         *         "currency": "USD"
         *       },
         *       "description": "",
         *       "specializations": [
         *         "curly hair"
         *       ],
         *       "media": [],
         *       "first_name": "Maya",
         *       "specialist": {
         *         "name": "Hair & beauty",
         *         "complexity": "moderate",
         *         "price": {
         *           "low_cents": 3500,
         *           "high_cents": 14000,
         *           "currency": "USD"
         *         },
         *         "duration_minutes": {
         *           "low": 40,
         *           "high": 95
         *         },
         *         "factors": [
         *           {
         *             "name": "curls",
         *             "price_factor": 1.15,
         *             "duration_factor": 1.25,
         *             "because": "Curls are cut and dried piece by piece."
         *           }
         *         ],
         *         "warnings": [],
         *         "notes": [
         *           "Ask for the curl pattern, and whether it is to be cut dry.",
         *           "Curls are cut and dried piece by piece."
         *         ]
         *       },
         *       "expires_at": "2026-11-30T04:59:00Z",
         *       "created_at": "2026-11-23T15:04:08.940Z"
         *     }
         */
        NeedView: {
            budget?: components["schemas"]["Budget"] | null;
            /** @description The city or neighbourhood. */
            city: string;
            /** Format: date-time */
            created_at: string;
            description: string;
            /** Format: date-time */
            expires_at: string;
            /** @description The consumer's. */
            first_name: string | null;
            id: components["schemas"]["RequestId"];
            media: components["schemas"]["MediaView"][];
            place?: components["schemas"]["ServicePlace"] | null;
            service_id: string;
            specialist: components["schemas"]["SpecialistView"] | null;
            specializations: string[];
            status: components["schemas"]["RequestStatus"];
            urgency: components["schemas"]["Urgency"];
            window?: components["schemas"]["WindowView"] | null;
            zone: string;
        };
        /** @description What a move changed. */
        NoteView: {
            /** @description A status or a role, as it was. */
            from?: string;
            /** @description Of which service, with a licence. */
            service_id?: string;
            /** @description What it is now. */
            to?: string;
        };
        /**
         * Format: uuid
         * @description Something that somebody is told.
         */
        NotificationId: string;
        /**
         * @description What happened.
         * @enum {string}
         */
        NotificationKind: "lead" | "offer" | "offer_declined" | "offer_expired" | "booked" | "rescheduled" | "cancelled" | "reminder_24h" | "completed" | "review_due" | "review" | "review_response" | "enrollment_decided" | "no_match" | "request_expired";
        /**
         * @description Something that somebody was told.
         * @example {
         *       "id": "01a205c4-6d21-7e62-8f05-1a9c3b7d2e80",
         *       "kind": "offer",
         *       "text": "You have an offer for your request.",
         *       "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *       "offer_id": "01a205c4-6d20-7b18-9e37-c0d5f2a81b46",
         *       "booking_id": null,
         *       "review_id": null,
         *       "enrollment_id": null,
         *       "created_at": "2026-11-23T15:31:02.512Z",
         *       "read_at": null
         *     }
         */
        NotificationView: {
            booking_id?: components["schemas"]["BookingId"] | null;
            /** Format: date-time */
            created_at: string;
            enrollment_id?: components["schemas"]["EnrollmentId"] | null;
            id: components["schemas"]["NotificationId"];
            kind: components["schemas"]["NotificationKind"];
            offer_id?: components["schemas"]["OfferId"] | null;
            /** Format: date-time */
            read_at?: string | null;
            request_id?: components["schemas"]["RequestId"] | null;
            review_id?: components["schemas"]["ReviewId"] | null;
            /** @description A sentence for people. */
            text: string;
        };
        /**
         * @description A page of notifications.
         * @example {
         *       "items": [
         *         {
         *           "id": "01a205c4-6d21-7e62-8f05-1a9c3b7d2e80",
         *           "kind": "offer",
         *           "text": "You have an offer for your request.",
         *           "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *           "offer_id": "01a205c4-6d20-7b18-9e37-c0d5f2a81b46",
         *           "booking_id": null,
         *           "review_id": null,
         *           "enrollment_id": null,
         *           "created_at": "2026-11-23T15:31:02.512Z",
         *           "read_at": null
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        NotificationsView: {
            items: components["schemas"]["NotificationView"][];
            next_cursor?: string | null;
        };
        /** @description `PUT /bookings/{id}/complete`, `PUT /bookings/{id}/no_show` */
        OfBooking: {
            /**
             * Format: uuid
             * @description Which booking.
             */
            booking_id: string;
        };
        /** @description `POST /enrollment/{id}/submit` */
        OfEnrollment: {
            enrollment: components["schemas"]["EnrollmentFields"];
            /**
             * Format: uuid
             * @description Which enrollment.
             */
            enrollment_id: string;
        };
        /** @description `PUT /offers/{id}/withdraw`, `PUT /offers/{id}/decline` */
        OfOffer: {
            /**
             * Format: uuid
             * @description Which offer.
             */
            offer_id: string;
            /** @description Why. */
            reason?: string | null;
        };
        /** @description `POST /requests/{id}/cancel` */
        OfRequest: {
            /** @description Why. */
            reason?: string | null;
            /**
             * Format: uuid
             * @description Which request.
             */
            request_id: string;
        };
        /**
         * @description `POST /offers`
         * @example {
         *       "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *       "service_id": "haircut",
         *       "price_cents": 5500,
         *       "currency": "USD",
         *       "duration_minutes": 60,
         *       "price_notes": "Wash and cut.",
         *       "slots": [
         *         {
         *           "date": "2026-11-28",
         *           "start_time": "14:00"
         *         }
         *       ],
         *       "message": "I cut curls dry, one by one."
         *     }
         */
        OfferBody: {
            /**
             * @description ISO 4217: the one in which the caller offers the service.
             * @example USD
             */
            currency: string;
            /**
             * Format: int32
             * @description How long it would take.
             */
            duration_minutes: number;
            /**
             * Format: int64
             * @description How long the offer lives, in hours, but not beyond the begin of its last slot; 24 if absent.
             * @example 24
             */
            expires_in_hours?: number | null;
            /** @description To the consumer. */
            message?: string | null;
            /**
             * Format: int64
             * @description For how much, in minor units; not below the least price of the caller's settings.
             */
            price_cents: number;
            /** @description What the price holds. */
            price_notes?: string | null;
            /**
             * Format: uuid
             * @description A lead of the caller's.
             */
            request_id: string;
            /** @description What it asks for. */
            service_id: string;
            /** @description When it could be done, each free in the caller's calendar. */
            slots: components["schemas"]["NamedSlotBody"][];
        };
        /** @description Offers that a provider made. */
        OfferCountsView: {
            /** Format: int64 */
            pending: number;
            /** Format: int64 */
            total: number;
            /**
             * Format: double
             * @description Wins of all that are not pending any more; null without any.
             */
            win_rate?: number | null;
            /**
             * Format: int64
             * @description Accepted ones.
             */
            wins: number;
        };
        /** @enum {string} */
        OfferDraftKind: "offer_draft";
        /**
         * @description What a provider would offer for a lead; nothing of it is sent to the consumer.
         * @example {
         *       "kind": "offer_draft",
         *       "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *       "service_id": "haircut",
         *       "price": {
         *         "low_cents": 4000,
         *         "mid_cents": 5000,
         *         "high_cents": 6000,
         *         "currency": "USD"
         *       },
         *       "duration_minutes": 60,
         *       "slots": [
         *         {
         *           "start_at": "2026-11-28T19:00:00Z",
         *           "end_at": "2026-11-28T20:00:00Z",
         *           "date": "2026-11-28",
         *           "start_time": "14:00",
         *           "end_time": "15:00",
         *           "zone": "America/New_York"
         *         }
         *       ],
         *       "message": "Hello Maya, I can do your haircut for $50. I could come to it on Saturday, 28 November at 14:00.",
         *       "reasons": [
         *         "The price is within your range for this service.",
         *         "It stays within the budget."
         *       ]
         *     }
         */
        OfferDraftResultView: {
            /** Format: int32 */
            duration_minutes: number;
            kind: components["schemas"]["OfferDraftKind"];
            /** @description From the provider's template, if there is one. */
            message: string;
            price: components["schemas"]["SuggestedPriceView"];
            /** @description Why it is as it is. */
            reasons: string[];
            request_id: components["schemas"]["RequestId"];
            service_id: string;
            /** @description Up to five free slots when it is needed. */
            slots: components["schemas"]["Slot"][];
        };
        /** @description `POST /offers` */
        OfferFields: {
            /** @description ISO 4217. */
            currency: string;
            /**
             * Format: int32
             * @description How long the job takes, in minutes.
             */
            duration_minutes: number;
            /** @description To the consumer. */
            message: string;
            /**
             * Format: int64
             * @description In minor units.
             */
            price_cents: number;
            /** @description What the price includes, what it may depend on. */
            price_notes: string;
            /**
             * Format: uuid
             * @description For which request.
             */
            request_id: string;
            /** @description Slug of the service. */
            service_id: string;
            /** @description When it could be done. */
            slots: components["schemas"]["LocalSlot"][];
        };
        /**
         * Format: uuid
         * @description What a provider proposes for a request.
         */
        OfferId: string;
        /** @description A slot of an offer, by the provider's clocks. */
        OfferSlotView: components["schemas"]["Slot"] & {
            /** @description Whether it could be booked now. */
            free: boolean;
            /**
             * Format: date-time
             * @description Until when it is good, if it is named in place of one that was taken.
             */
            good_until?: string | null;
        };
        /**
         * @description Where an offer stands.
         * @enum {string}
         */
        OfferStatus: "pending" | "accepted" | "declined" | "withdrawn" | "expired";
        /**
         * @description An offer as both sides see it.
         * @example {
         *       "id": "01a20a11-3c5d-7b20-9e44-1f6a8d0c2b73",
         *       "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *       "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *       "provider": {
         *         "name": "Curl & Co",
         *         "city": "Brooklyn",
         *         "rating": 4.8,
         *         "review_count": 27,
         *         "completed_jobs": 112
         *       },
         *       "service_id": "haircut",
         *       "status": "pending",
         *       "price_cents": 5500,
         *       "currency": "USD",
         *       "price_notes": "Wash and cut.",
         *       "duration_minutes": 60,
         *       "message": "I cut curls dry, one by one.",
         *       "automatic": false,
         *       "slots": [
         *         {
         *           "start_at": "2026-11-28T19:00:00Z",
         *           "end_at": "2026-11-28T20:00:00Z",
         *           "date": "2026-11-28",
         *           "start_time": "14:00",
         *           "end_time": "15:00",
         *           "zone": "America/New_York",
         *           "free": true,
         *           "good_until": null
         *         }
         *       ],
         *       "reason": null,
         *       "booking_id": null,
         *       "expires_at": "2026-11-24T15:10:00Z",
         *       "created_at": "2026-11-23T15:10:00Z",
         *       "updated_at": "2026-11-23T15:10:00Z"
         *     }
         */
        OfferView: {
            /** @description Whether the provider's agent made it by their rules. */
            automatic: boolean;
            booking_id?: components["schemas"]["BookingId"] | null;
            /** Format: date-time */
            created_at: string;
            /** @description ISO 4217. */
            currency: string;
            /** Format: int32 */
            duration_minutes: number;
            /**
             * Format: date-time
             * @description When it lapses.
             */
            expires_at: string;
            id: components["schemas"]["OfferId"];
            message: string;
            /**
             * Format: int64
             * @description In minor units.
             */
            price_cents: number;
            price_notes: string;
            /** @description The provider as it was when it offered. */
            provider: components["schemas"]["SnapshotView"];
            provider_id: components["schemas"]["ProviderId"];
            /** @description Why it ended, where that was said: `time_over`, `slots_gone`, `another_accepted`, or in somebody's words. */
            reason?: string | null;
            request_id: components["schemas"]["RequestId"];
            service_id: string;
            slots: components["schemas"]["OfferSlotView"][];
            status: components["schemas"]["OfferStatus"];
            /** Format: date-time */
            updated_at: string;
        };
        /**
         * @description A service as a provider offers it.
         * @example {
         *       "service_id": "haircut",
         *       "description": "Dry cuts, curl by curl.",
         *       "places": [
         *         "provider"
         *       ],
         *       "price_min_cents": 5500,
         *       "price_max_cents": 9000,
         *       "currency": "USD",
         *       "duration_minutes": 60,
         *       "specializations": [
         *         "3B curls"
         *       ]
         *     }
         */
        Offered: {
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /** @description In their own words. */
            description?: string | null;
            /**
             * Format: int32
             * @description How long it usually takes; as the catalog says if absent.
             */
            duration_minutes?: number | null;
            /**
             * Format: date
             * @description Last day of the licence.
             */
            licence_expires_on?: string | null;
            /** @description Number of the licence, for a service that needs one: an admin looks at it. */
            licence_number?: string | null;
            /** @description Where they do it: some of the places where the catalog has it done. */
            places: components["schemas"]["ServicePlace"][];
            /**
             * Format: int64
             * @description Most, in minor units.
             */
            price_max_cents?: number | null;
            /**
             * Format: int64
             * @description Least price, in minor units.
             */
            price_min_cents?: number | null;
            /** @description Slug of the service in the catalog. */
            service_id: string;
            /** @description Finer skills, as phrases. */
            specializations?: string[];
        };
        /** @description A licence as its holder sees it. */
        OfferedLicenceView: {
            /**
             * Format: date
             * @description Its last day.
             */
            expires_on?: string | null;
            /** @description What an admin says of it. */
            note?: string | null;
            number?: string | null;
        };
        /**
         * @description A page of offers, the newest first.
         * @example {
         *       "items": [
         *         {
         *           "id": "01a20a11-3c5d-7b20-9e44-1f6a8d0c2b73",
         *           "request_id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *           "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *           "provider": {
         *             "name": "Curl & Co",
         *             "city": "Brooklyn",
         *             "rating": 4.8,
         *             "review_count": 27,
         *             "completed_jobs": 112
         *           },
         *           "service_id": "haircut",
         *           "status": "pending",
         *           "price_cents": 5500,
         *           "currency": "USD",
         *           "price_notes": "Wash and cut.",
         *           "duration_minutes": 60,
         *           "message": "I cut curls dry, one by one.",
         *           "automatic": false,
         *           "slots": [
         *             {
         *               "start_at": "2026-11-28T19:00:00Z",
         *               "end_at": "2026-11-28T20:00:00Z",
         *               "date": "2026-11-28",
         *               "start_time": "14:00",
         *               "end_time": "15:00",
         *               "zone": "America/New_York",
         *               "free": true,
         *               "good_until": null
         *             }
         *           ],
         *           "reason": null,
         *           "booking_id": null,
         *           "expires_at": "2026-11-24T15:10:00Z",
         *           "created_at": "2026-11-23T15:10:00Z",
         *           "updated_at": "2026-11-23T15:10:00Z"
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        OffersView: {
            items: components["schemas"]["OfferView"][];
            next_cursor?: string | null;
        };
        /** @description Requests without an offer. */
        OpenView: {
            /**
             * Format: int64
             * @description How many there are.
             */
            count: number;
            /** @description The newest. */
            items: components["schemas"]["RequestView"][];
        };
        /**
         * @description Whether an owner takes work.
         * @enum {string}
         */
        OwnProviderStatus: "active" | "paused";
        /**
         * @description `PUT /providers/{provider_id}/status`
         * @example {
         *       "status": "paused"
         *     }
         */
        OwnProviderStatusBody: {
            status: components["schemas"]["OwnProviderStatus"];
        };
        /**
         * @description `PUT /requests/{request_id}/pass`
         * @example {
         *       "reason": "Fully booked that week."
         *     }
         */
        PassBody: {
            /** @description Why; the consumer does not see it. */
            reason?: string | null;
        };
        /**
         * @description `POST /auth/password`
         * @example {
         *       "current_password": "correct horse battery",
         *       "new_password": "staple correct horse"
         *     }
         */
        PasswordBody: {
            /** @description The present one. */
            current_password: string;
            /** @description The one to be: at least 8 characters. */
            new_password: string;
        };
        /**
         * @description `PATCH /requests/{request_id}`: what is left out stays, null takes away.
         * @example {
         *       "budget": {
         *         "min_cents": null,
         *         "max_cents": 8000,
         *         "currency": "USD"
         *       },
         *       "window": null
         *     }
         */
        PatchBody: {
            /** @description Change it although it will be like another live one. */
            allow_duplicate?: boolean | null;
            budget?: components["schemas"]["Budget"] | null;
            /** @description Where; another place has its own zone and location. */
            city?: string | null;
            /** @description In the consumer's words. */
            description?: string | null;
            location?: components["schemas"]["Location"] | null;
            /**
             * Format: double
             * @description How far the consumer would go, in kilometres.
             */
            max_distance_km?: number | null;
            /** @description Photos of the consumer's, in place of those that hang there. */
            media?: string[] | null;
            place?: components["schemas"]["ServicePlace"] | null;
            /** @description Slug of the service. */
            service_id?: string | null;
            /** @description Finer skills, as phrases. */
            specializations?: components["schemas"]["Phrase"][] | null;
            urgency?: components["schemas"]["Urgency"] | null;
            window?: components["schemas"]["Window"] | null;
            /** @description IANA zone of the place. */
            zone?: string | null;
        };
        /** @description A request with the best of its offers. */
        PendingRequestView: {
            best_offer?: components["schemas"]["BestOfferView"] | null;
            /**
             * Format: int64
             * @description How many offers are live.
             */
            offers: number;
            request: components["schemas"]["RequestView"];
        };
        /** @description Requests with offers. */
        PendingView: {
            /**
             * Format: int64
             * @description How many there are.
             */
            count: number;
            /** @description The newest. */
            items: components["schemas"]["PendingRequestView"][];
        };
        /** @description A finer skill. */
        Phrase: string;
        /**
         * Format: uuid
         * @description A piece of work that a provider shows.
         */
        PortfolioItemId: string;
        /**
         * @description Something that a provider shows.
         * @example {
         *       "id": "01a1c2d6-7b20-7d4f-8c15-0e9a4f6b3d82",
         *       "service_id": "haircut",
         *       "title": "Layers, 3B",
         *       "description": "",
         *       "media": {
         *         "id": "01a205b8-31c6-7e92-8a0d-63f4b7c91e25",
         *         "url": "/media/01a205b8-31c6-7e92-8a0d-63f4b7c91e25/original.1795447145.private.mVJ3o2cQk1TqYb8Wz5uR7eXh0LdGfNsAPiKtC4yBv6M",
         *         "thumb_url": "/media/01a205b8-31c6-7e92-8a0d-63f4b7c91e25/thumb.1795447145.private.q8XnT0vK2wYb5RzMj7LhGd4FcPsEuA1iOeC6tB9yWxQ",
         *         "mime": "image/jpeg",
         *         "width": 3024,
         *         "height": 4032,
         *         "expires_at": "2026-11-23T15:19:05Z"
         *       },
         *       "created_at": "2026-10-02T09:31:55.730Z"
         *     }
         */
        PortfolioItemView: {
            /** Format: date-time */
            created_at: string;
            description: string;
            id: components["schemas"]["PortfolioItemId"];
            media: components["schemas"]["MediaView"];
            /** @description Slug of the service that it shows. */
            service_id?: string | null;
            title: string;
        };
        /**
         * @description `PATCH /providers/{provider_id}/portfolio/{item_id}`: what is left out stays, null takes away.
         * @example {
         *       "title": "Layers on 3B curls",
         *       "service_id": null
         *     }
         */
        PortfolioPatchBody: {
            /** @description More of them. */
            description?: string | null;
            /** @description Slug of the service that it shows. */
            service_id?: string | null;
            /** @description A few words. */
            title?: string | null;
        };
        /**
         * @description `POST /providers/{provider_id}/portfolio`
         * @example {
         *       "media_id": "01a205b8-31c6-7e92-8a0d-63f4b7c91e25",
         *       "service_id": "haircut",
         *       "title": "Layers, 3B"
         *     }
         */
        PortfolioPostBody: {
            /** @description More of them. */
            description?: string | null;
            /**
             * Format: uuid
             * @description A picture or film of the owner's.
             */
            media_id: string;
            /** @description Slug of the service that it shows. */
            service_id?: string | null;
            /** @description A few words. */
            title?: string | null;
        };
        /**
         * @description A page of a portfolio, the newest first.
         * @example {
         *       "items": [
         *         {
         *           "id": "01a1c2d6-7b20-7d4f-8c15-0e9a4f6b3d82",
         *           "service_id": "haircut",
         *           "title": "Layers, 3B",
         *           "description": "",
         *           "media": {
         *             "id": "01a205b8-31c6-7e92-8a0d-63f4b7c91e25",
         *             "url": "/media/01a205b8-31c6-7e92-8a0d-63f4b7c91e25/original.1795447145.private.mVJ3o2cQk1TqYb8Wz5uR7eXh0LdGfNsAPiKtC4yBv6M",
         *             "thumb_url": "/media/01a205b8-31c6-7e92-8a0d-63f4b7c91e25/thumb.1795447145.private.q8XnT0vK2wYb5RzMj7LhGd4FcPsEuA1iOeC6tB9yWxQ",
         *             "mime": "image/jpeg",
         *             "width": 3024,
         *             "height": 4032,
         *             "expires_at": "2026-11-23T15:19:05Z"
         *           },
         *           "created_at": "2026-10-02T09:31:55.730Z"
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        PortfolioView: {
            items: components["schemas"]["PortfolioItemView"][];
            next_cursor?: components["schemas"]["PortfolioItemId"] | null;
        };
        /**
         * @description `POST /requests`
         * @example {
         *       "service_id": "haircut",
         *       "city": "Brooklyn",
         *       "budget": {
         *         "min_cents": null,
         *         "max_cents": 6000,
         *         "currency": "USD"
         *       },
         *       "specializations": [
         *         "curly hair"
         *       ]
         *     }
         */
        PostBody: {
            /** @description Post it although it is like a live one. */
            allow_duplicate?: boolean | null;
            budget?: components["schemas"]["Budget"] | null;
            /** @description Where. */
            city: string;
            /** @description In the consumer's words. */
            description?: string | null;
            location?: components["schemas"]["Location"] | null;
            /**
             * Format: double
             * @description How far the consumer would go, in kilometres.
             */
            max_distance_km?: number | null;
            /** @description Photos of the caller's that show what is needed, in order. */
            media?: string[] | null;
            place?: components["schemas"]["ServicePlace"] | null;
            /** @description Slug of the service. */
            service_id: string;
            /** @description Finer skills, as phrases. */
            specializations?: components["schemas"]["Phrase"][] | null;
            urgency?: components["schemas"]["Urgency"] | null;
            window?: components["schemas"]["Window"] | null;
            /** @description IANA zone of the place; that of the known city if absent. */
            zone?: string | null;
        };
        /** @description What a job may cost. */
        PriceEstimate: {
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * Format: int64
             * @description Most, in minor units.
             */
            high_cents: number;
            /**
             * Format: int64
             * @description Least, in minor units.
             */
            low_cents: number;
        };
        /** @description Typical price, in minor units. */
        PriceRange: {
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * Format: int64
             * @description Most.
             */
            max_cents: number;
            /**
             * Format: int64
             * @description Least.
             */
            min_cents: number;
        };
        /** @enum {string} */
        ProbeKind: "probe";
        /** @description Nothing. */
        ProbeResultView: {
            kind: components["schemas"]["ProbeKind"];
        };
        /** @description One thing that is wrong with what was sent. */
        Problem: {
            /** @description A sentence. */
            message: string;
            /** @description Where, as a JSON pointer below `/body`, `/query` or `/path`. */
            pointer: string;
        };
        /** @description An error, as RFC 9457 has it. */
        ProblemDetails: components["schemas"]["More"] & {
            code: components["schemas"]["Code"];
            /** @description A sentence: what is wrong and what to do. */
            detail: string;
            /** @description With `invalid`: everything that is wrong. */
            errors?: components["schemas"]["Problem"][];
            /** @description Tell it to support: the cause is logged under it. */
            request_id: string;
            /**
             * Format: int32
             * @description The HTTP status.
             */
            status: number;
            /** @description The same for every error of this code. */
            title: string;
            /** @description Where the code is explained. */
            type: string;
        };
        /**
         * @description `PUT /consumers/…/profile`: in place of what is there; the name stays if it is left out.
         * @example {
         *       "name": "Maya",
         *       "phone": "+1 718 555 0123",
         *       "street": "44 Court Street",
         *       "city": "Brooklyn",
         *       "location": {
         *         "latitude": 40.6915,
         *         "longitude": -73.9913
         *       }
         *     }
         */
        ProfileBody: {
            /** @description Where they live. */
            city?: string | null;
            /**
             * Format: email
             * @description Where the provider of a booking reaches them; the account's if left out.
             */
            email?: string | null;
            location?: components["schemas"]["Location"] | null;
            /** @description First name or full name. */
            name?: string | null;
            /** @description Where the provider of a booking reaches them. */
            phone?: string | null;
            /** @description Street and number. */
            street?: string | null;
            /** @description IANA zone of it; that of the known city if left out. */
            zone?: string | null;
        };
        /**
         * @description A provider's profile: its card, what it says of itself at length and, for itself, how it can be reached.
         * @example {
         *       "id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *       "name": "Curl & Co",
         *       "headline": "Curly hair is all we do",
         *       "city": "Brooklyn",
         *       "zone": "America/New_York",
         *       "location": {
         *         "latitude": 40.68,
         *         "longitude": -73.94
         *       },
         *       "status": "active",
         *       "rating": 4.8,
         *       "review_count": 27,
         *       "completed_jobs": 41,
         *       "response_rate": 0.96,
         *       "response_minutes": 35,
         *       "services": [
         *         "haircut"
         *       ],
         *       "price_from_cents": 5500,
         *       "currency": "USD",
         *       "verified": false,
         *       "created_at": "2026-10-02T09:12:44.101Z",
         *       "bio": "Fifteen years of curls.",
         *       "languages": [
         *         "English",
         *         "Spanish"
         *       ],
         *       "years_experience": 15,
         *       "radius_km": 10,
         *       "late_cancellations": 0,
         *       "contact": {
         *         "email": "hello@curls.example",
         *         "phone": "+1 718 555 0100",
         *         "street": "12 Bergen Street",
         *         "location": {
         *           "latitude": 40.6812,
         *           "longitude": -73.9437
         *         }
         *       }
         *     }
         */
        ProfileView: components["schemas"]["ProviderView"] & {
            /** @description In their own words. */
            bio: string;
            contact?: components["schemas"]["ContactView"] | null;
            languages: string[];
            /**
             * Format: int32
             * @description Bookings that they called off in the last day.
             */
            late_cancellations: number;
            /**
             * Format: double
             * @description How far they travel.
             */
            radius_km: number;
            /**
             * Format: int32
             * @description For how long they have done this.
             */
            years_experience?: number | null;
        };
        /** @description Another slot that is proposed. */
        ProposalView: {
            by: components["schemas"]["BookingSide"];
            note?: string | null;
            slot: components["schemas"]["Slot"];
            /**
             * Format: date-time
             * @description Until when the other side may agree.
             */
            until: string;
        };
        /**
         * Format: uuid
         * @description Somebody who does the work.
         */
        ProviderId: string;
        /**
         * @description `PATCH /providers/{provider_id}` and `…/profile`: what is left out stays, null takes away.
         * @example {
         *       "headline": "Curls of all kinds",
         *       "phone": null
         *     }
         */
        ProviderPatchBody: {
            /** @description In their own words. */
            bio?: string | null;
            /** @description Where they work from; zone and location go along with it, as far as they are known and not said. */
            city?: string;
            /**
             * Format: email
             * @description For the other side of a booking only.
             */
            email?: string | null;
            /** @description A line. */
            headline?: string | null;
            /** @description Languages they speak. */
            languages?: string[];
            location?: components["schemas"]["Location"] | null;
            /** @description The business's name. */
            name?: string;
            /** @description For the other side of a booking only. */
            phone?: string | null;
            /**
             * Format: double
             * @description How far they travel, in kilometres.
             */
            radius_km?: number;
            /** @description For the other side of a booking only. */
            street?: string | null;
            /**
             * Format: int32
             * @description For how long they have done this.
             */
            years_experience?: number | null;
            /** @description IANA zone of it and of their calendar. */
            zone?: string;
        };
        /**
         * @description `POST /providers`
         * @example {
         *       "name": "Curl & Co",
         *       "headline": "Curly hair is all we do",
         *       "bio": "Fifteen years of curls.",
         *       "city": "Brooklyn",
         *       "radius_km": 10,
         *       "languages": [
         *         "English",
         *         "Spanish"
         *       ],
         *       "years_experience": 15,
         *       "email": "hello@curls.example",
         *       "phone": "+1 718 555 0100",
         *       "street": "12 Bergen Street",
         *       "services": [
         *         {
         *           "service_id": "haircut",
         *           "places": [
         *             "provider"
         *           ],
         *           "price_min_cents": 5500,
         *           "price_max_cents": 9000,
         *           "currency": "USD",
         *           "specializations": [
         *             "3B curls"
         *           ]
         *         }
         *       ]
         *     }
         */
        ProviderPostBody: {
            availability?: components["schemas"]["Availability"] | null;
            /** @description In their own words. */
            bio?: string | null;
            /** @description Where they work from. */
            city: string;
            /**
             * Format: email
             * @description For the other side of a booking only.
             */
            email?: string | null;
            /** @description A line. */
            headline?: string | null;
            /** @description Languages they speak. */
            languages?: string[] | null;
            location?: components["schemas"]["Location"] | null;
            /** @description The business's name. */
            name: string;
            /** @description For the other side of a booking only. */
            phone?: string | null;
            /**
             * Format: double
             * @description How far they travel, in kilometres; 25 if absent.
             */
            radius_km?: number | null;
            /** @description What they offer; more can be added later. */
            services?: components["schemas"]["Offered"][] | null;
            /** @description For the other side of a booking only. */
            street?: string | null;
            /**
             * Format: int32
             * @description For how long they have done this.
             */
            years_experience?: number | null;
            /** @description IANA zone of it and of their calendar; that of the known city if absent. */
            zone?: string | null;
        };
        /**
         * @description A page of what was said of a provider.
         * @example {
         *       "aggregate": {
         *         "average": 4.8,
         *         "count": 27,
         *         "breakdown": {
         *           "quality": 4.9,
         *           "punctuality": 4.5,
         *           "communication": 4.8,
         *           "value": null
         *         },
         *         "distribution": {
         *           "1": 0,
         *           "2": 0,
         *           "3": 1,
         *           "4": 4,
         *           "5": 22
         *         }
         *       },
         *       "items": [
         *         {
         *           "id": "01a2250c-3e81-7a94-b7d2-58f1c96a0e43",
         *           "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *           "author": "Maya",
         *           "rating": 5,
         *           "breakdown": {
         *             "quality": 5,
         *             "punctuality": 4,
         *             "communication": null,
         *             "value": null
         *           },
         *           "text": "Finally somebody who listens before cutting.",
         *           "response": "Thank you, Maya. See you in six weeks!",
         *           "responded_at": "2026-11-30T09:12:44Z",
         *           "created_at": "2026-11-29T18:03:21Z"
         *         }
         *       ],
         *       "next_cursor": "01a2250c-3e81-7a94-b7d2-58f1c96a0e43"
         *     }
         */
        ProviderReviewsView: {
            aggregate?: components["schemas"]["AggregateView"] | null;
            items: components["schemas"]["ReviewView"][];
            next_cursor?: components["schemas"]["ReviewId"] | null;
        };
        /**
         * @description What a provider offers.
         * @example {
         *       "service_id": "haircut",
         *       "description": "Dry cuts, curl by curl.",
         *       "places": [
         *         "provider"
         *       ],
         *       "price_min_cents": 5500,
         *       "price_max_cents": 9000,
         *       "currency": "USD",
         *       "duration_minutes": 60,
         *       "specializations": [
         *         "3B curls"
         *       ],
         *       "licence": "not_needed",
         *       "licence_details": null
         *     }
         */
        ProviderServiceView: {
            /** @description ISO 4217. */
            currency: string;
            /** @description In their own words. */
            description: string;
            /**
             * Format: int32
             * @description How long it usually takes; null: as the catalog says.
             */
            duration_minutes?: number | null;
            licence: components["schemas"]["Licence"];
            licence_details?: components["schemas"]["OfferedLicenceView"] | null;
            places: components["schemas"]["ServicePlace"][];
            /**
             * Format: int64
             * @description Most, in minor units.
             */
            price_max_cents?: number | null;
            /**
             * Format: int64
             * @description Least price, in minor units.
             */
            price_min_cents?: number | null;
            /** @description Slug of the service in the catalog. */
            service_id: string;
            /** @description Finer skills, as phrases. */
            specializations: string[];
        };
        /**
         * @description A page of what a provider offers, by slugs.
         * @example {
         *       "items": [
         *         {
         *           "service_id": "haircut",
         *           "description": "Dry cuts, curl by curl.",
         *           "places": [
         *             "provider"
         *           ],
         *           "price_min_cents": 5500,
         *           "price_max_cents": 9000,
         *           "currency": "USD",
         *           "duration_minutes": 60,
         *           "specializations": [
         *             "3B curls"
         *           ],
         *           "licence": "not_needed",
         *           "licence_details": null
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        ProviderServicesView: {
            items: components["schemas"]["ProviderServiceView"][];
            next_cursor?: string | null;
        };
        /**
         * @description `PUT /providers/{provider_id}/settings`
         * @example {
         *       "auto_offer": true,
         *       "min_price_cents": 5000,
         *       "radius_km": 10
         *     }
         */
        ProviderSettingsBody: {
            /** @description Whether leads are answered by the provider's agent, without a person. */
            auto_offer: boolean;
            /**
             * Format: int64
             * @description The agent never offers for less, in minor units.
             */
            min_price_cents?: number | null;
            /**
             * Format: double
             * @description How far they travel.
             */
            radius_km: number;
        };
        /**
         * @description How a provider's agent works.
         * @example {
         *       "auto_offer": true,
         *       "min_price_cents": 5000,
         *       "radius_km": 10
         *     }
         */
        ProviderSettingsView: {
            /** @description Whether leads are answered by the provider's agent, without a person. */
            auto_offer: boolean;
            /**
             * Format: int64
             * @description The agent never offers for less, in minor units.
             */
            min_price_cents?: number | null;
            /**
             * Format: double
             * @description How far they travel.
             */
            radius_km: number;
        };
        /**
         * @description How a provider fares, since the beginning.
         * @example {
         *       "leads": {
         *         "total": 120,
         *         "viewed": 111,
         *         "passed": 24
         *       },
         *       "offers": {
         *         "total": 84,
         *         "pending": 2,
         *         "wins": 41,
         *         "win_rate": 0.5
         *       },
         *       "bookings": {
         *         "upcoming": 3,
         *         "completed": 36,
         *         "cancelled": 2,
         *         "late_cancellations": 0,
         *         "no_shows": 0
         *       },
         *       "response_rate": 0.96,
         *       "response_minutes": 35,
         *       "rating": 4.8,
         *       "review_count": 27,
         *       "revenue": [
         *         {
         *           "currency": "USD",
         *           "cents": 214500
         *         }
         *       ],
         *       "services": [
         *         {
         *           "service_id": "haircut",
         *           "currency": "USD",
         *           "offers": 84,
         *           "wins": 41,
         *           "win_rate": 0.5,
         *           "average_price_won_cents": 5870
         *         }
         *       ]
         *     }
         */
        ProviderStatsView: {
            bookings: components["schemas"]["BookingCountsView"];
            leads: components["schemas"]["LeadsView"];
            offers: components["schemas"]["OfferCountsView"];
            /**
             * Format: double
             * @description Mean rating 1 to 5; null below three reviews.
             */
            rating?: number | null;
            /**
             * Format: int32
             * @description The median time to that.
             */
            response_minutes?: number | null;
            /**
             * Format: double
             * @description The share of leads that were answered within a day.
             */
            response_rate?: number | null;
            /** @description What completed bookings have earned, in each currency. */
            revenue: components["schemas"]["RevenueView"][];
            /** Format: int32 */
            review_count: number;
            /** @description Offers and what was won, for each service that they offered. */
            services: components["schemas"]["ServicePattern"][];
        };
        /**
         * @description Whether a provider takes work.
         * @enum {string}
         */
        ProviderStatus: "active" | "paused" | "suspended";
        /**
         * @description `PUT /admin/providers/{provider_id}/status`
         * @example {
         *       "status": "suspended",
         *       "note": "Two customers were never visited."
         *     }
         */
        ProviderStatusBody: {
            /** @description Why; kept with the move. */
            note?: string | null;
            /** @description What the provider is to be. */
            status: components["schemas"]["AdminProviderStatus"];
        };
        /**
         * @description How a provider stands.
         * @example {
         *       "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *       "status": "suspended"
         *     }
         */
        ProviderStatusView: {
            provider_id: components["schemas"]["ProviderId"];
            status: components["schemas"]["ProviderStatus"];
        };
        /**
         * @description A provider's card: what lists show, and the head of its profile.
         * @example {
         *       "id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *       "name": "Curl & Co",
         *       "headline": "Curly hair is all we do",
         *       "city": "Brooklyn",
         *       "zone": "America/New_York",
         *       "location": {
         *         "latitude": 40.68,
         *         "longitude": -73.94
         *       },
         *       "status": "active",
         *       "rating": 4.8,
         *       "review_count": 27,
         *       "completed_jobs": 41,
         *       "response_rate": 0.96,
         *       "response_minutes": 35,
         *       "services": [
         *         "haircut"
         *       ],
         *       "price_from_cents": 5500,
         *       "currency": "USD",
         *       "verified": false,
         *       "created_at": "2026-10-02T09:12:44.101Z"
         *     }
         */
        ProviderView: {
            city: string;
            /**
             * Format: int32
             * @description Jobs done through here.
             */
            completed_jobs: number;
            /** Format: date-time */
            created_at: string;
            /** @description ISO 4217, of that price. */
            currency?: string | null;
            /** @description A line. */
            headline: string;
            id: components["schemas"]["ProviderId"];
            location?: components["schemas"]["Location"] | null;
            name: string;
            /**
             * Format: int64
             * @description The least price of these, in minor units.
             */
            price_from_cents?: number | null;
            /**
             * Format: double
             * @description Mean rating 1 to 5; null below three reviews.
             */
            rating?: number | null;
            /**
             * Format: int32
             * @description The median time to that.
             */
            response_minutes?: number | null;
            /**
             * Format: double
             * @description The share of leads that were answered within a day.
             */
            response_rate?: number | null;
            /** Format: int32 */
            review_count: number;
            /** @description What can be booked, by slugs. */
            services: string[];
            status: components["schemas"]["ProviderStatus"];
            /** @description Whether a licence was seen and is in order. */
            verified: boolean;
            /** @description IANA zone of the city. */
            zone: string;
        };
        /**
         * @description How much was marked as read.
         * @example {
         *       "read": 3
         *     }
         */
        ReadAllView: {
            /** @description How much was not before. */
            read: number;
        };
        /**
         * @description A request as its reader may see it.
         * @example {
         *       "id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *       "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *       "status": "matching",
         *       "service_id": "haircut",
         *       "city": "Brooklyn",
         *       "location": null,
         *       "zone": "America/New_York",
         *       "place": null,
         *       "max_distance_km": null,
         *       "window": {
         *         "from": "2026-11-28T00:00",
         *         "to": "2026-11-29T23:59"
         *       },
         *       "urgency": "flexible",
         *       "budget": {
         *         "min_cents": null,
         *         "max_cents": 6000,
         *         "currency": "USD"
         *       },
         *       "description": "",
         *       "specializations": [
         *         "curly hair"
         *       ],
         *       "media": [],
         *       "match": {
         *         "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *         "status": "processing",
         *         "matched_at": null
         *       },
         *       "expires_at": "2026-11-30T04:59:00Z",
         *       "created_at": "2026-11-23T15:04:05.120Z"
         *     }
         */
        ReadView: components["schemas"]["RequestView"] | components["schemas"]["NeedView"];
        /**
         * @description Whether what it needs is there.
         * @example {
         *       "status": "ready",
         *       "down": []
         *     }
         */
        ReadyView: {
            /** @description What does not answer. */
            down: string[];
            /** @description `ready`, `degraded` or `unready`. */
            status: string;
        };
        /** @description A sentence. */
        Reason: string;
        /**
         * @description `POST /auth/refresh` and `/auth/logout`
         * @example {
         *       "refresh_token": "d0Vq3m1cX8w2Jt5fZr7LkA9sNbYhPeGu4oTiC6vWxQE"
         *     }
         */
        RefreshBody: {
            /** @description A refresh token; that of the browser's cookie if absent. */
            refresh_token?: string | null;
        };
        /**
         * @description `POST /auth/register`
         * @example {
         *       "email": "maya@example.com",
         *       "password": "correct horse battery",
         *       "name": "Maya"
         *     }
         */
        RegisterBody: {
            /**
             * Format: email
             * @description Names the account; upper and lower case do not matter.
             */
            email: string;
            /** @description A guest's token: what the guest has becomes the account's. */
            guest_token?: string | null;
            /** @description First name or full name. */
            name?: string | null;
            /** @description At least 8 characters. */
            password: string;
        };
        /**
         * @description `POST /enrollment/{enrollment_id}/reject`
         * @example {
         *       "reasons": [
         *         "The licence number belongs to somebody else."
         *       ]
         *     }
         */
        RejectBody: {
            /** @description Why, for its owner. */
            reasons: components["schemas"]["Reason"][];
        };
        /** @description How many more providers would fit if one wish were relaxed and all others held. */
        Relax: {
            /** @description The wish. */
            constraint: components["schemas"]["Constraint"];
            /** @description How many more; not counted beyond 200. */
            would_add: number;
        };
        /** @description What a request's draft gathers. */
        RequestFields: {
            /** @description Post it although it is like a live one. */
            allow_duplicate?: boolean;
            budget?: components["schemas"]["Budget"] | null;
            /** @description Slug of its category, from the catalog. */
            category_id?: string | null;
            /** @description As it was said. */
            city?: string | null;
            /** @description Photos of it. */
            media?: string[];
            /** @description What fits nowhere else. */
            notes?: string | null;
            place?: components["schemas"]["ServicePlace"] | null;
            /** @description Slug of the service. */
            service_id?: string | null;
            /** @description Finer skills, as phrases. */
            specializations?: string[];
            urgency?: components["schemas"]["Urgency"] | null;
            window?: components["schemas"]["Window"] | null;
            /** @description IANA zone of the city. */
            zone?: string | null;
        };
        /**
         * Format: uuid
         * @description A need of a consumer that providers are matched to.
         */
        RequestId: string;
        /**
         * @description Where a request stands.
         * @enum {string}
         */
        RequestStatus: "matching" | "matched" | "offers_received" | "booked" | "completed" | "cancelled" | "expired";
        /**
         * @description A request as its owner sees it.
         * @example {
         *       "id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *       "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *       "status": "matching",
         *       "service_id": "haircut",
         *       "city": "Brooklyn",
         *       "location": null,
         *       "zone": "America/New_York",
         *       "place": null,
         *       "max_distance_km": null,
         *       "window": {
         *         "from": "2026-11-28T00:00",
         *         "to": "2026-11-29T23:59"
         *       },
         *       "urgency": "flexible",
         *       "budget": {
         *         "min_cents": null,
         *         "max_cents": 6000,
         *         "currency": "USD"
         *       },
         *       "description": "",
         *       "specializations": [
         *         "curly hair"
         *       ],
         *       "media": [],
         *       "match": {
         *         "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *         "status": "processing",
         *         "matched_at": null
         *       },
         *       "expires_at": "2026-11-30T04:59:00Z",
         *       "created_at": "2026-11-23T15:04:05.120Z"
         *     }
         */
        RequestView: {
            budget?: components["schemas"]["Budget"] | null;
            city: string;
            /** Format: date-time */
            created_at: string;
            description: string;
            /** Format: date-time */
            expires_at: string;
            id: components["schemas"]["RequestId"];
            location?: components["schemas"]["Location"] | null;
            match: components["schemas"]["MatchView"] | null;
            /** Format: double */
            max_distance_km?: number | null;
            media: components["schemas"]["MediaView"][];
            place?: components["schemas"]["ServicePlace"] | null;
            service_id: string;
            specializations: string[];
            status: components["schemas"]["RequestStatus"];
            task_id?: components["schemas"]["TaskId"] | null;
            urgency: components["schemas"]["Urgency"];
            window?: components["schemas"]["WindowView"] | null;
            zone: string;
        };
        /**
         * @description A page of requests.
         * @example {
         *       "items": [
         *         {
         *           "id": "01a205b9-77e0-7f41-a3b8-94d2c61e0f57",
         *           "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *           "status": "matching",
         *           "service_id": "haircut",
         *           "city": "Brooklyn",
         *           "location": null,
         *           "zone": "America/New_York",
         *           "place": null,
         *           "max_distance_km": null,
         *           "window": {
         *             "from": "2026-11-28T00:00",
         *             "to": "2026-11-29T23:59"
         *           },
         *           "urgency": "flexible",
         *           "budget": {
         *             "min_cents": null,
         *             "max_cents": 6000,
         *             "currency": "USD"
         *           },
         *           "description": "",
         *           "specializations": [
         *             "curly hair"
         *           ],
         *           "media": [],
         *           "match": {
         *             "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *             "status": "processing",
         *             "matched_at": null
         *           },
         *           "expires_at": "2026-11-30T04:59:00Z",
         *           "created_at": "2026-11-23T15:04:05.120Z"
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        RequestsView: {
            items: components["schemas"]["RequestView"][];
            next_cursor?: string | null;
        };
        /** @description `PUT /bookings/{id}/reschedule` */
        Reschedule: {
            /**
             * Format: uuid
             * @description Which booking.
             */
            booking_id: string;
            /** @description What is said with it. */
            note?: string | null;
            slot?: components["schemas"]["LocalSlot"] | null;
        };
        /** @description `PUT /bookings/{id}/reschedule/accept|decline` */
        RescheduleAnswer: {
            /** @description Whether the proposed slot is taken. */
            accept: boolean;
            /**
             * Format: uuid
             * @description Which booking.
             */
            booking_id: string;
            /** @description The slot that was proposed when this was drafted. */
            slot: components["schemas"]["LocalSlot"];
        };
        /**
         * @description `PUT /bookings/{booking_id}/reschedule`
         * @example {
         *       "slot": {
         *         "date": "2026-11-29",
         *         "start_time": "10:00"
         *       },
         *       "note": "Would Sunday do?"
         *     }
         */
        RescheduleBody: {
            /** @description To the other side. */
            note?: string | null;
            /** @description The slot that is proposed, by the provider's clocks; as long as the present one. */
            slot: components["schemas"]["NamedSlotBody"];
        };
        /**
         * @description `PUT /reviews/{review_id}/response`
         * @example {
         *       "text": "Thank you, Maya. See you in six weeks!"
         *     }
         */
        ResponseBody: {
            /** @description In the provider's words. */
            text: string;
        };
        /** @description The result of a completed task, by its kind. */
        ResultView: components["schemas"]["ChatResultView"] | components["schemas"]["MatchingResultView"] | components["schemas"]["OfferDraftResultView"] | components["schemas"]["AutoOfferResultView"] | components["schemas"]["EmbeddingResultView"] | components["schemas"]["ProbeResultView"];
        /** @description What was earned in one currency. */
        RevenueView: {
            /**
             * Format: int64
             * @description In minor units.
             */
            cents: number;
            /** @description ISO 4217. */
            currency: string;
        };
        /**
         * @description `POST /reviews`
         * @example {
         *       "booking_id": "01a21f40-9b52-7d18-8f6e-3c0a7e4d5b21",
         *       "rating": 5,
         *       "breakdown": {
         *         "quality": 5,
         *         "punctuality": 4
         *       },
         *       "text": "Finally somebody who listens before cutting."
         *     }
         */
        ReviewBody: {
            /** @description The booking. */
            booking_id: components["schemas"]["BookingId"];
            breakdown?: components["schemas"]["Breakdown"] | null;
            /**
             * Format: int32
             * @description All in all.
             */
            rating: number;
            /** @description In the consumer's words. */
            text?: string | null;
        };
        /** @description `POST /reviews` */
        ReviewFields: {
            /**
             * Format: uuid
             * @description Of which booking.
             */
            booking_id: string;
            /**
             * Format: int32
             * @description How well one could talk with them, 1 to 5.
             */
            communication?: number | null;
            /**
             * Format: int32
             * @description Whether they came in time, 1 to 5.
             */
            punctuality?: number | null;
            /**
             * Format: int32
             * @description How good the work was, 1 to 5.
             */
            quality?: number | null;
            /**
             * Format: int32
             * @description 1 to 5.
             */
            rating?: number | null;
            /** @description In their words. */
            text: string;
            /**
             * Format: int32
             * @description What it was worth, 1 to 5.
             */
            value?: number | null;
        };
        /**
         * Format: uuid
         * @description What a consumer says of a booking that is done.
         */
        ReviewId: string;
        /** @description `PUT /reviews/{id}/response` */
        ReviewResponse: {
            /**
             * Format: uuid
             * @description Which review.
             */
            review_id: string;
            /** @description The answer. */
            text?: string | null;
        };
        /**
         * @description A review.
         * @example {
         *       "id": "01a2250c-3e81-7a94-b7d2-58f1c96a0e43",
         *       "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *       "author": "Maya",
         *       "rating": 5,
         *       "breakdown": {
         *         "quality": 5,
         *         "punctuality": 4,
         *         "communication": null,
         *         "value": null
         *       },
         *       "text": "Finally somebody who listens before cutting.",
         *       "response": "Thank you, Maya. See you in six weeks!",
         *       "responded_at": "2026-11-30T09:12:44Z",
         *       "created_at": "2026-11-29T18:03:21Z"
         *     }
         */
        ReviewView: {
            /** @description A first name; null if they did not say one, or have left. */
            author?: string | null;
            breakdown: components["schemas"]["Breakdown"];
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["ReviewId"];
            provider_id: components["schemas"]["ProviderId"];
            /** Format: int32 */
            rating: number;
            /** Format: date-time */
            responded_at?: string | null;
            /** @description What the provider says to it. */
            response?: string | null;
            text: string;
        };
        /**
         * @description What a caller is; exactly one.
         * @enum {string}
         */
        Role: "guest" | "consumer" | "provider" | "admin";
        /**
         * @description `PUT /admin/users/{user_id}/role`
         * @example {
         *       "role": "admin"
         *     }
         */
        RoleBody: {
            /** @description What the user is to be. */
            role: components["schemas"]["AccountRole"];
        };
        /** @description What was said, as it is kept. */
        SaidView: {
            client_message_id?: string | null;
            /** Format: date-time */
            created_at: string;
            draft?: components["schemas"]["DraftView"] | null;
            id: components["schemas"]["MessageId"];
            /** @description The photos that came with it. */
            media: components["schemas"]["MediaView"][];
            role: components["schemas"]["Author"];
            /** Format: int64 */
            seq: number;
            task_id?: components["schemas"]["TaskId"] | null;
            text: string;
        };
        /**
         * @description `PUT /services/services/{service_id}`
         * @example {
         *       "category_id": "hair_beauty",
         *       "name": "Haircut",
         *       "description": "A cut or trim for any length and texture of hair.",
         *       "licensed": false,
         *       "places": [
         *         "provider",
         *         "consumer"
         *       ],
         *       "min_photos": 1,
         *       "price": {
         *         "min_cents": 3000,
         *         "max_cents": 12000,
         *         "currency": "USD"
         *       },
         *       "duration_minutes": {
         *         "min": 30,
         *         "max": 75
         *       },
         *       "specializations": [
         *         "curly hair",
         *         "fine hair",
         *         "fade"
         *       ]
         *     }
         */
        ServiceBody: {
            /** @description Slug of its category. */
            category_id: string;
            /** @description A sentence. */
            description: string;
            /** @description Typical duration. */
            duration_minutes: components["schemas"]["DurationRange"];
            /** @description Whether a licence is needed to offer it. */
            licensed: boolean;
            /**
             * Format: int32
             * @description Portfolio photos that a provider must show.
             */
            min_photos: number;
            /** @description For people. */
            name: string;
            /** @description Where it can be done. */
            places: components["schemas"]["ServicePlace"][];
            /** @description Typical price. */
            price: components["schemas"]["PriceRange"];
            /** @description Phrases that people use for finer skills. */
            specializations: components["schemas"]["Specialization"][];
        };
        /**
         * @description `PATCH /providers/{provider_id}/services/{service_id}`: what is left out stays, null takes away.
         * @example {
         *       "price_min_cents": 6000,
         *       "duration_minutes": null
         *     }
         */
        ServicePatchBody: {
            /** @description ISO 4217. */
            currency?: string;
            /** @description In their own words. */
            description?: string | null;
            /**
             * Format: int32
             * @description How long it usually takes; null: as the catalog says.
             */
            duration_minutes?: number | null;
            /**
             * Format: date
             * @description Last day of the licence: another one waits for an admin.
             */
            licence_expires_on?: string | null;
            /** @description Number of the licence: another one waits for an admin. */
            licence_number?: string | null;
            /** @description Where they do it: some of the places where the catalog has it done. */
            places?: components["schemas"]["ServicePlace"][];
            /**
             * Format: int64
             * @description Most, in minor units.
             */
            price_max_cents?: number | null;
            /**
             * Format: int64
             * @description Least price, in minor units.
             */
            price_min_cents?: number | null;
            /** @description Finer skills, as phrases. */
            specializations?: string[];
        };
        /** @description How a provider fares with a service. */
        ServicePattern: {
            /**
             * Format: int64
             * @description The mean price of what was accepted, in minor units; null without any.
             */
            average_price_won_cents?: number | null;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * Format: int64
             * @description How many offers they made.
             */
            offers: number;
            /** @description Slug of the service. */
            service_id: string;
            /**
             * Format: double
             * @description Wins of all that are not pending any more; null without any.
             */
            win_rate?: number | null;
            /**
             * Format: int64
             * @description How many of these were accepted.
             */
            wins: number;
        };
        /**
         * @description Where a service is done.
         * @enum {string}
         */
        ServicePlace: "provider" | "consumer" | "remote";
        /** @description A service in short. */
        ServiceSummaryView: {
            id: string;
            /** @description Whether a licence is needed to offer it. */
            licensed: boolean;
            name: string;
        };
        /**
         * @description A service with all that is known of it.
         * @example {
         *       "category_id": "hair_beauty",
         *       "name": "Haircut",
         *       "description": "A cut or trim for any length and texture of hair.",
         *       "licensed": false,
         *       "places": [
         *         "provider",
         *         "consumer"
         *       ],
         *       "min_photos": 1,
         *       "price": {
         *         "min_cents": 3000,
         *         "max_cents": 12000,
         *         "currency": "USD"
         *       },
         *       "duration_minutes": {
         *         "min": 30,
         *         "max": 75
         *       },
         *       "specializations": [
         *         "curly hair",
         *         "fine hair",
         *         "fade"
         *       ],
         *       "id": "haircut"
         *     }
         */
        ServiceView: {
            category_id: string;
            description: string;
            /** @description Typical duration. */
            duration_minutes: components["schemas"]["DurationRange"];
            id: string;
            /** @description Whether a licence is needed to offer it. */
            licensed: boolean;
            /**
             * Format: int32
             * @description Portfolio photos that a provider must show.
             */
            min_photos: number;
            name: string;
            /** @description Where it can be done. */
            places: components["schemas"]["ServicePlace"][];
            /** @description Typical price. */
            price: components["schemas"]["PriceRange"];
            /** @description Phrases that people use for finer skills. */
            specializations: string[];
        };
        /**
         * Format: uuid
         * @description A conversation.
         */
        SessionId: string;
        /** @description A conversation in a list. */
        SessionView: {
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["SessionId"];
            role: components["schemas"]["AgentRole"];
            title?: string | null;
            /** Format: date-time */
            updated_at: string;
        };
        /**
         * @description A page of conversations.
         * @example {
         *       "items": [
         *         {
         *           "id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *           "title": "I need a haircut for curly hair",
         *           "role": "consumer",
         *           "created_at": "2026-11-23T15:04:05.120Z",
         *           "updated_at": "2026-11-23T15:04:07.940Z"
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        SessionsView: {
            items: components["schemas"]["SessionView"][];
            next_cursor?: string | null;
        };
        /**
         * @description Somebody who is signed in, with what proves it.
         * @example {
         *       "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwcm94aWUifQ.Zm9yLXNob3ctb25seQ",
         *       "refresh_token": "d0Vq3m1cX8w2Jt5fZr7LkA9sNbYhPeGu4oTiC6vWxQE",
         *       "token_type": "Bearer",
         *       "expires_in": 900,
         *       "user": {
         *         "id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *         "role": "consumer",
         *         "name": "Maya"
         *       }
         *     }
         */
        SignInView: {
            access_token: string;
            /**
             * Format: int64
             * @description How many seconds the access token is good.
             */
            expires_in: number;
            /** @description Good once. Null in a browser, which has it in a cookie that no script can read. */
            refresh_token?: string | null;
            token_type: string;
            user: components["schemas"]["UserView"];
        };
        /** @description A stretch of time, as an instant and as clocks show it there. */
        Slot: {
            /**
             * Format: date
             * @description The local date of its begin.
             */
            date: string;
            /**
             * Format: date-time
             * @description End; not part of it.
             */
            end_at: string;
            /**
             * @description Its end as local clocks show it, `HH:MM`.
             * @example 15:00
             */
            end_time: string;
            /**
             * Format: date-time
             * @description Begin.
             */
            start_at: string;
            /**
             * @description Its begin as local clocks show it, `HH:MM`.
             * @example 14:00
             */
            start_time: string;
            /**
             * @description IANA zone of those clocks.
             * @example America/New_York
             */
            zone: string;
        };
        /**
         * @description When a provider is free.
         * @example {
         *       "items": [
         *         {
         *           "start_at": "2026-11-28T19:00:00Z",
         *           "end_at": "2026-11-28T20:00:00Z",
         *           "date": "2026-11-28",
         *           "start_time": "14:00",
         *           "end_time": "15:00",
         *           "zone": "America/New_York"
         *         }
         *       ],
         *       "next_cursor": null,
         *       "duration_minutes": 60,
         *       "zone": "America/New_York"
         *     }
         */
        SlotsView: {
            /**
             * Format: int32
             * @description How long a job of the service takes.
             */
            duration_minutes: number;
            /** @description All free slots of these days, in order. */
            items: components["schemas"]["Slot"][];
            /** @description Always null: there are no further pages. */
            next_cursor?: string | null;
            /** @description IANA zone of the provider's clocks. */
            zone: string;
        };
        /** @description A provider as it was when it offered. */
        SnapshotView: {
            city: string;
            /**
             * Format: int64
             * @description Jobs done through here.
             */
            completed_jobs: number;
            name: string;
            /**
             * Format: double
             * @description Mean rating 1 to 5; null below three reviews.
             */
            rating?: number | null;
            /** Format: int64 */
            review_count: number;
        };
        /** @description What something in particular makes of price and duration. */
        SpecialistFactor: {
            /** @description Why, as a sentence. */
            because: string;
            /**
             * Format: double
             * @description Times the typical duration.
             */
            duration_factor: number;
            /** @description Its name. */
            name: string;
            /**
             * Format: double
             * @description Times the typical price.
             */
            price_factor: number;
        };
        /** @description What a specialist of the trade tells providers of a request: worked out from what is typical and what was said. */
        SpecialistView: {
            complexity: components["schemas"]["Complexity"];
            duration_minutes: components["schemas"]["DurationEstimate"];
            /** @description What makes price and duration different from what is typical. */
            factors: components["schemas"]["SpecialistFactor"][];
            /** @description Whose knowledge it is. */
            name: string;
            /** @description What whoever does it should know. */
            notes: string[];
            price: components["schemas"]["PriceEstimate"];
            /** @description What the consumer was warned of. */
            warnings: string[];
        };
        /** @description A phrase for a finer skill. */
        Specialization: string;
        /** @description What somebody wants to spend at most. */
        Spending: {
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * Format: int64
             * @description In minor units.
             */
            max_cents: number;
        };
        /** @description What somebody has said of their preferences. */
        Stated: {
            budget?: components["schemas"]["Spending"] | null;
            /** @description Whom they like. */
            favourite_providers: components["schemas"]["Favourite"][];
            /** @description Where they need things. */
            places: string[];
            /** @description How they like it, in their words. */
            style?: string | null;
            /** @description When it suits them, in their words. */
            timing?: string | null;
        };
        /**
         * @description `PUT /admin/users/{user_id}/status`
         * @example {
         *       "status": "suspended"
         *     }
         */
        StatusBody: {
            /** @description What the account is to be. */
            status: components["schemas"]["UserStatus"];
        };
        /** @description A finished step of a task. */
        StepView: {
            /** Format: int32 */
            completion_tokens?: number | null;
            /**
             * @description What a step was.
             * @enum {string}
             */
            kind: "llm" | "tool";
            /** @description The model that answered, or the tool that acted. */
            name: string;
            /** Format: int32 */
            no: number;
            /** Format: int32 */
            prompt_tokens?: number | null;
        };
        /** @description What a price could be, in minor units. */
        SuggestedPriceView: {
            /** @description ISO 4217. */
            currency: string;
            /** Format: int64 */
            high_cents: number;
            /** Format: int64 */
            low_cents: number;
            /** Format: int64 */
            mid_cents: number;
        };
        /**
         * @description A task was taken.
         * @example {
         *       "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *       "status": "processing"
         *     }
         */
        TakenView: {
            status: components["schemas"]["TaskStatus"];
            task_id: components["schemas"]["TaskId"];
        };
        /** @description Why a task failed. */
        TaskErrorView: {
            code: components["schemas"]["Code"];
            /** @description A sentence for people. */
            detail: string;
        };
        /**
         * Format: uuid
         * @description Anything slow that was asked for.
         */
        TaskId: string;
        /**
         * @description What a task does.
         * @enum {string}
         */
        TaskKind: "chat" | "matching" | "offer_draft" | "auto_offer" | "embedding" | "probe";
        /**
         * @description The finer state, for people.
         * @enum {string}
         */
        TaskStage: "queued" | "running" | "retrying" | "done";
        /**
         * @description Where a task stands; the last three never change again.
         * @enum {string}
         */
        TaskStatus: "processing" | "completed" | "failed" | "cancelled";
        /**
         * @description A task as its owner sees it.
         * @example {
         *       "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *       "kind": "chat",
         *       "status": "completed",
         *       "stage": "done",
         *       "step": 3,
         *       "queue_position": null,
         *       "session_id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *       "retry_of": null,
         *       "attempts": 1,
         *       "created_at": "2026-11-23T15:04:05.120Z",
         *       "updated_at": "2026-11-23T15:04:07.940Z",
         *       "result": {
         *         "kind": "chat",
         *         "session_id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *         "message": "A haircut for curly hair in Brooklyn this weekend, up to $60. Shall I post it?",
         *         "data": {
         *           "gathered": {
         *             "service_id": "haircut",
         *             "category_id": "hair_beauty",
         *             "city": "Brooklyn",
         *             "zone": "America/New_York",
         *             "window": {
         *               "from": "2026-11-28T00:00",
         *               "to": "2026-11-29T23:59"
         *             },
         *             "budget": {
         *               "min_cents": null,
         *               "max_cents": 6000,
         *               "currency": "USD"
         *             },
         *             "specializations": [
         *               "curly hair"
         *             ],
         *             "notes": null,
         *             "urgency": null,
         *             "place": null,
         *             "media": [],
         *             "allow_duplicate": false
         *           },
         *           "providers": [
         *             {
         *               "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *               "name": "Curl & Co",
         *               "city": "Brooklyn",
         *               "rating": 4.8,
         *               "review_count": 27,
         *               "price_from_cents": 5500,
         *               "currency": "USD",
         *               "distance_km": null,
         *               "specializations": [
         *                 "3B curls"
         *               ]
         *             }
         *           ]
         *         },
         *         "draft": {
         *           "id": "01a205b6-0a3e-7c90-9d15-52e8b7a4c038",
         *           "version": 1,
         *           "kind": "request",
         *           "fields": {
         *             "service_id": "haircut",
         *             "category_id": "hair_beauty",
         *             "city": "Brooklyn",
         *             "zone": "America/New_York",
         *             "window": {
         *               "from": "2026-11-28T00:00",
         *               "to": "2026-11-29T23:59"
         *             },
         *             "budget": {
         *               "min_cents": null,
         *               "max_cents": 6000,
         *               "currency": "USD"
         *             },
         *             "specializations": [
         *               "curly hair"
         *             ],
         *             "notes": null,
         *             "urgency": null,
         *             "place": null,
         *             "media": [],
         *             "allow_duplicate": false
         *           },
         *           "missing": [],
         *           "expires_at": "2026-11-30T15:04:07.940Z"
         *         },
         *         "awaiting_approval": true,
         *         "ui": null,
         *         "buttons": [
         *           {
         *             "label": "Approve",
         *             "message": null,
         *             "action": {
         *               "kind": "approve",
         *               "draft_id": "01a205b6-0a3e-7c90-9d15-52e8b7a4c038",
         *               "draft_version": 1
         *             }
         *           }
         *         ],
         *         "usage": {
         *           "model": "gpt-5-mini",
         *           "prompt_tokens": 812,
         *           "completion_tokens": 64,
         *           "cost_micros": 331,
         *           "cached": false
         *         }
         *       },
         *       "error": null,
         *       "effects": []
         *     }
         */
        TaskView: {
            /** Format: int32 */
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** @description What already happened and stands, whatever becomes of the task. */
            effects: components["schemas"]["EffectView"][];
            error?: components["schemas"]["TaskErrorView"] | null;
            kind: components["schemas"]["TaskKind"];
            /**
             * Format: int64
             * @description How many of its kind wait before it; null unless it waits.
             */
            queue_position?: number | null;
            result?: components["schemas"]["ResultView"] | null;
            retry_of?: components["schemas"]["TaskId"] | null;
            session_id?: components["schemas"]["SessionId"] | null;
            stage: components["schemas"]["TaskStage"];
            status: components["schemas"]["TaskStatus"];
            /** Format: int32 */
            step?: number | null;
            task_id: components["schemas"]["TaskId"];
            /** Format: date-time */
            updated_at: string;
        };
        /**
         * Format: uuid
         * @description How a provider words offers.
         */
        TemplateId: string;
        /**
         * @description `PATCH /providers/{provider_id}/templates/{template_id}`: what is left out stays, null takes away.
         * @example {
         *       "name": "Curls, first visit",
         *       "service_id": "haircut"
         *     }
         */
        TemplatePatchBody: {
            /** @description The text, with `{first_name}`, `{service}`, `{price}` and `{slot}` where these belong. */
            body?: string;
            /** @description What you call it; each name once. */
            name?: string;
            /** @description Slug of the service that it is for; null: for all. */
            service_id?: string | null;
        };
        /**
         * @description `POST /providers/{provider_id}/templates`
         * @example {
         *       "name": "First visit",
         *       "body": "Hi {first_name}, I would love to do your {service} on {slot} for {price}."
         *     }
         */
        TemplatePostBody: {
            /** @description The text, with `{first_name}`, `{service}`, `{price}` and `{slot}` where these belong. */
            body: string;
            /** @description What you call it; each name once. */
            name: string;
            /** @description Slug of the service that it is for; for all if absent. */
            service_id?: string | null;
        };
        /**
         * @description How a provider words offers.
         * @example {
         *       "id": "01a1c2d4-0f3e-7a18-9b62-3c5d8e7f0a24",
         *       "service_id": null,
         *       "name": "First visit",
         *       "body": "Hi {first_name}, I would love to do your {service} on {slot} for {price}.",
         *       "created_at": "2026-10-02T09:20:10.442Z"
         *     }
         */
        TemplateView: {
            body: string;
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["TemplateId"];
            name: string;
            service_id?: string | null;
        };
        /**
         * @description A page of templates, in order of their making.
         * @example {
         *       "items": [
         *         {
         *           "id": "01a1c2d4-0f3e-7a18-9b62-3c5d8e7f0a24",
         *           "service_id": null,
         *           "name": "First visit",
         *           "body": "Hi {first_name}, I would love to do your {service} on {slot} for {price}.",
         *           "created_at": "2026-10-02T09:20:10.442Z"
         *         }
         *       ],
         *       "next_cursor": null
         *     }
         */
        TemplatesView: {
            items: components["schemas"]["TemplateView"][];
            next_cursor?: components["schemas"]["TemplateId"] | null;
        };
        /**
         * @description A token and whom it stands for.
         * @example {
         *       "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJwcm94aWUifQ.Zm9yLXNob3ctb25seQ",
         *       "token_type": "Bearer",
         *       "expires_in": 2592000,
         *       "user": {
         *         "id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *         "role": "guest",
         *         "name": null
         *       }
         *     }
         */
        TokenView: {
            access_token: string;
            /**
             * Format: int64
             * @description Seconds.
             */
            expires_in: number;
            token_type: string;
            user: components["schemas"]["UserView"];
        };
        /**
         * @description A conversation with a page of what was said.
         * @example {
         *       "id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *       "title": "I need a haircut for curly hair",
         *       "role": "consumer",
         *       "created_at": "2026-11-23T15:04:05.120Z",
         *       "updated_at": "2026-11-23T15:04:07.940Z",
         *       "known": {
         *         "name": "Maya"
         *       },
         *       "messages": {
         *         "items": [
         *           {
         *             "id": "01a205b5-4c11-7d02-8c0e-3f5a9d1b7e10",
         *             "seq": 1,
         *             "client_message_id": null,
         *             "role": "user",
         *             "text": "I need a haircut for curly hair in Brooklyn this weekend, about $60",
         *             "media": [
         *               {
         *                 "id": "01a205b8-31c6-7e92-8a0d-63f4b7c91e25",
         *                 "url": "/media/01a205b8-31c6-7e92-8a0d-63f4b7c91e25/original.1795447145.private.mVJ3o2cQk1TqYb8Wz5uR7eXh0LdGfNsAPiKtC4yBv6M",
         *                 "thumb_url": "/media/01a205b8-31c6-7e92-8a0d-63f4b7c91e25/thumb.1795447145.private.q8XnT0vK2wYb5RzMj7LhGd4FcPsEuA1iOeC6tB9yWxQ",
         *                 "mime": "image/jpeg",
         *                 "width": 3024,
         *                 "height": 4032,
         *                 "expires_at": "2026-11-23T15:19:05Z"
         *               }
         *             ],
         *             "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *             "status": "completed",
         *             "data": null,
         *             "draft": null,
         *             "created_at": "2026-11-23T15:04:05.120Z"
         *           }
         *         ],
         *         "next_cursor": null,
         *         "prev_cursor": null
         *       },
         *       "active_tasks": [],
         *       "open_draft": {
         *         "id": "01a205b6-0a3e-7c90-9d15-52e8b7a4c038",
         *         "version": 1,
         *         "kind": "request",
         *         "fields": {
         *           "service_id": "haircut",
         *           "category_id": "hair_beauty",
         *           "city": "Brooklyn",
         *           "zone": "America/New_York",
         *           "window": {
         *             "from": "2026-11-28T00:00",
         *             "to": "2026-11-29T23:59"
         *           },
         *           "budget": {
         *             "min_cents": null,
         *             "max_cents": 6000,
         *             "currency": "USD"
         *           },
         *           "specializations": [
         *             "curly hair"
         *           ],
         *           "notes": null,
         *           "urgency": null,
         *           "place": null,
         *           "media": [],
         *           "allow_duplicate": false
         *         },
         *         "missing": [],
         *         "expires_at": "2026-11-30T15:04:07.940Z"
         *       }
         *     }
         */
        TranscriptView: components["schemas"]["SessionView"] & {
            active_tasks: components["schemas"]["TaskId"][];
            /** @description What the agent knows from it. */
            known: components["schemas"]["Known"];
            messages: components["schemas"]["MessagesView"];
            open_draft?: components["schemas"]["DraftView"] | null;
        };
        /**
         * @description What the client may open.
         * @enum {string}
         */
        Ui: "compare_offers" | "pick_slot" | "pick_services" | "upload_portfolio" | "sign_up";
        /**
         * @description How soon it matters.
         * @enum {string}
         */
        Urgency: "flexible" | "soon" | "urgent";
        /**
         * @description What the calls of a day for one feature by one model came to.
         * @example {
         *       "day": "2026-11-23",
         *       "feature": "chat",
         *       "model": "gpt-5-mini",
         *       "calls": 12,
         *       "cached": 3,
         *       "failed": 1,
         *       "prompt_tokens": 9744,
         *       "completion_tokens": 768,
         *       "cost_micros": 3972
         *     }
         */
        UsageLineView: {
            /**
             * Format: int64
             * @description How many of them were answers given again, which cost nothing.
             */
            cached: number;
            /**
             * Format: int64
             * @description Calls of models, and answers that were given again, failed tries among them.
             */
            calls: number;
            /**
             * Format: int64
             * @description Tokens received.
             */
            completion_tokens: number;
            /**
             * Format: int64
             * @description Millionths of a dollar.
             */
            cost_micros: number;
            /**
             * Format: date
             * @description The day, of UTC.
             */
            day: string;
            /**
             * Format: int64
             * @description How many of them failed or were called off.
             */
            failed: number;
            feature: components["schemas"]["Feature"];
            model: string;
            /**
             * Format: int64
             * @description Tokens sent.
             */
            prompt_tokens: number;
        };
        /**
         * @description What calls came to together.
         * @example {
         *       "calls": 12,
         *       "cached": 3,
         *       "failed": 1,
         *       "prompt_tokens": 9744,
         *       "completion_tokens": 768,
         *       "cost_micros": 3972
         *     }
         */
        UsageTotalView: {
            /**
             * Format: int64
             * @description How many of them were answers given again, which cost nothing.
             */
            cached: number;
            /**
             * Format: int64
             * @description Calls of models, and answers that were given again, failed tries among them.
             */
            calls: number;
            /**
             * Format: int64
             * @description Tokens received.
             */
            completion_tokens: number;
            /**
             * Format: int64
             * @description Millionths of a dollar.
             */
            cost_micros: number;
            /**
             * Format: int64
             * @description How many of them failed or were called off.
             */
            failed: number;
            /**
             * Format: int64
             * @description Tokens sent.
             */
            prompt_tokens: number;
        };
        /**
         * @description What models cost.
         * @example {
         *       "from": "2026-11-01",
         *       "to": "2026-11-30",
         *       "items": [
         *         {
         *           "day": "2026-11-23",
         *           "feature": "chat",
         *           "model": "gpt-5-mini",
         *           "calls": 12,
         *           "cached": 3,
         *           "failed": 1,
         *           "prompt_tokens": 9744,
         *           "completion_tokens": 768,
         *           "cost_micros": 3972
         *         }
         *       ],
         *       "next_cursor": null,
         *       "total": {
         *         "calls": 12,
         *         "cached": 3,
         *         "failed": 1,
         *         "prompt_tokens": 9744,
         *         "completion_tokens": 768,
         *         "cost_micros": 3972
         *       }
         *     }
         */
        UsageView: {
            /**
             * Format: date
             * @description The first day, of UTC.
             */
            from: string;
            /** @description By day, feature and model, the newest day first. */
            items: components["schemas"]["UsageLineView"][];
            /** @description Always null: there are no further pages. */
            next_cursor?: string | null;
            /**
             * Format: date
             * @description The last day.
             */
            to: string;
            total: components["schemas"]["UsageTotalView"];
        };
        /**
         * Format: uuid
         * @description A person or a guest.
         */
        UserId: string;
        /**
         * @description Whether an account may be used; counts on every call.
         * @enum {string}
         */
        UserStatus: "active" | "suspended" | "deleted";
        /**
         * @description A user as they see themselves.
         * @example {
         *       "id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *       "role": "consumer",
         *       "name": "Maya"
         *     }
         */
        UserView: {
            id: components["schemas"]["UserId"];
            name?: string | null;
            role: components["schemas"]["Role"];
        };
        /**
         * @description `PUT …/verify`
         * @example {
         *       "approved": true,
         *       "licence_number": "NYC-LMP-1234",
         *       "licence_expires_on": "2028-06-30"
         *     }
         */
        VerifyBody: {
            /** @description Whether it is in order. */
            approved: boolean;
            /**
             * Format: date
             * @description Its last day; as the provider said it if absent.
             */
            licence_expires_on?: string | null;
            /** @description Its number; as the provider said it if absent. */
            licence_number?: string | null;
            /** @description Why, for the provider. */
            note?: string | null;
        };
        /** @description The usual hours of each weekday; a day without any is closed. */
        Weekly: {
            /** @description Fridays. */
            friday?: components["schemas"]["Hours"][];
            /** @description Mondays. */
            monday?: components["schemas"]["Hours"][];
            /** @description Saturdays. */
            saturday?: components["schemas"]["Hours"][];
            /** @description Sundays. */
            sunday?: components["schemas"]["Hours"][];
            /** @description Thursdays. */
            thursday?: components["schemas"]["Hours"][];
            /** @description Tuesdays. */
            tuesday?: components["schemas"]["Hours"][];
            /** @description Wednesdays. */
            wednesday?: components["schemas"]["Hours"][];
        };
        /**
         * @description A task as an admin sees it, with what came of it.
         * @example {
         *       "task_id": "01a205b5-4c12-7aa3-92c6-0be47d5f1c22",
         *       "kind": "chat",
         *       "user_id": "01a205b5-02d3-73fe-9a6d-e2c2aca1389b",
         *       "status": "completed",
         *       "stage": "done",
         *       "step": 3,
         *       "session_id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *       "request_id": null,
         *       "retry_of": null,
         *       "attempts": 1,
         *       "error_code": null,
         *       "error_detail": null,
         *       "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
         *       "created_at": "2026-11-23T15:04:05.120Z",
         *       "updated_at": "2026-11-23T15:04:07.940Z",
         *       "result": {
         *         "kind": "chat",
         *         "session_id": "01a205b5-4c10-7b55-b1f4-61f0a2c83d4e",
         *         "message": "A haircut for curly hair in Brooklyn this weekend, up to $60. Shall I post it?",
         *         "data": {
         *           "gathered": {
         *             "service_id": "haircut",
         *             "category_id": "hair_beauty",
         *             "city": "Brooklyn",
         *             "zone": "America/New_York",
         *             "window": {
         *               "from": "2026-11-28T00:00",
         *               "to": "2026-11-29T23:59"
         *             },
         *             "budget": {
         *               "min_cents": null,
         *               "max_cents": 6000,
         *               "currency": "USD"
         *             },
         *             "specializations": [
         *               "curly hair"
         *             ],
         *             "notes": null,
         *             "urgency": null,
         *             "place": null,
         *             "media": [],
         *             "allow_duplicate": false
         *           },
         *           "providers": [
         *             {
         *               "provider_id": "01a1c2d0-5b9a-7c36-8e21-7d40b3f9a615",
         *               "name": "Curl & Co",
         *               "city": "Brooklyn",
         *               "rating": 4.8,
         *               "review_count": 27,
         *               "price_from_cents": 5500,
         *               "currency": "USD",
         *               "distance_km": null,
         *               "specializations": [
         *                 "3B curls"
         *               ]
         *             }
         *           ]
         *         },
         *         "draft": {
         *           "id": "01a205b6-0a3e-7c90-9d15-52e8b7a4c038",
         *           "version": 1,
         *           "kind": "request",
         *           "fields": {
         *             "service_id": "haircut",
         *             "category_id": "hair_beauty",
         *             "city": "Brooklyn",
         *             "zone": "America/New_York",
         *             "window": {
         *               "from": "2026-11-28T00:00",
         *               "to": "2026-11-29T23:59"
         *             },
         *             "budget": {
         *               "min_cents": null,
         *               "max_cents": 6000,
         *               "currency": "USD"
         *             },
         *             "specializations": [
         *               "curly hair"
         *             ],
         *             "notes": null,
         *             "urgency": null,
         *             "place": null,
         *             "media": [],
         *             "allow_duplicate": false
         *           },
         *           "missing": [],
         *           "expires_at": "2026-11-30T15:04:07.940Z"
         *         },
         *         "awaiting_approval": true,
         *         "ui": null,
         *         "buttons": [
         *           {
         *             "label": "Approve",
         *             "message": null,
         *             "action": {
         *               "kind": "approve",
         *               "draft_id": "01a205b6-0a3e-7c90-9d15-52e8b7a4c038",
         *               "draft_version": 1
         *             }
         *           }
         *         ],
         *         "usage": {
         *           "model": "gpt-5-mini",
         *           "prompt_tokens": 812,
         *           "completion_tokens": 64,
         *           "cost_micros": 331,
         *           "cached": false
         *         }
         *       },
         *       "effects": [],
         *       "steps": [
         *         {
         *           "no": 1,
         *           "kind": "llm",
         *           "name": "gpt-5-mini",
         *           "prompt_tokens": 812,
         *           "completion_tokens": 64
         *         }
         *       ]
         *     }
         */
        WholeTaskView: components["schemas"]["AdminTaskView"] & {
            /** @description What already happened and stands, whatever becomes of the task. */
            effects: components["schemas"]["EffectView"][];
            result?: components["schemas"]["ResultView"] | null;
            /** @description What is done of it, in order. */
            steps: components["schemas"]["StepView"][];
        };
        /**
         * @description Why a lead is not answered without a person.
         * @enum {string}
         */
        WhyNot: "closed" | "not_wanted" | "answered" | "over_budget" | "no_slots";
        /** @description From and to, both local time of the place. */
        Window: {
            /**
             * Format: local-date-time
             * @description Begin, `YYYY-MM-DDTHH:MM`.
             * @example 2026-11-28T00:00
             */
            from: string;
            /**
             * Format: local-date-time
             * @description End, `YYYY-MM-DDTHH:MM`.
             * @example 2026-11-29T23:59
             */
            to: string;
        };
        /** @description A window in local time of the place. */
        WindowView: {
            /** Format: local-date-time */
            from: string;
            /** Format: local-date-time */
            to: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_admin_audit: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_admin_providers_provider_id_services_service_id_verify: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
                /** @description Slug of the service. */
                service_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LicenceView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_admin_providers_provider_id_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderStatusBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderStatusView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_admin_tasks: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description Only those that stand so. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminTasksView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_admin_tasks_task_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The task. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeTaskView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_admin_tasks_task_id_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The task. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminTaskView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_admin_tasks_task_id_retry: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The task. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new task. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdminTaskView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_admin_users_user_id_role: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_admin_users_user_id_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatusBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_api_docs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_api_docs_errors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_api_docs_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A file's name. */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_api_openapi_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentView"];
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_api_redoc: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_api_redoc_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description A file's name. */
                file: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_app_config_json: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientConfigView"];
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_auth_guest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A guest's token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_auth_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CredentialsBody"];
            };
        };
        responses: {
            /** @description Signed in. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_auth_logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RefreshBody"];
            };
        };
        responses: {
            /** @description Signed out. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_auth_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_auth_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Closed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_auth_me_export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_auth_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordBody"];
            };
        };
        responses: {
            /** @description Changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_auth_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RefreshBody"];
            };
        };
        responses: {
            /** @description New tokens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_auth_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterBody"];
            };
        };
        responses: {
            /** @description The account is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `email_taken` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_bookings: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description That stand there only. */
                status?: string;
                /** @description Only what is agreed and not over, the next first; else all, the latest first. */
                upcoming?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingsView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_bookings_booking_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                booking_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_bookings_booking_id_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                booking_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CancelBookingBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_bookings_booking_id_complete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                booking_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_bookings_booking_id_no_show: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                booking_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_bookings_booking_id_reschedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                booking_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RescheduleBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move`, `slot_taken` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_bookings_booking_id_reschedule_accept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                booking_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["AgreeBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move`, `slot_taken` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_bookings_booking_id_reschedule_decline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The booking. */
                booking_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_chat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChatBody"];
            };
        };
        responses: {
            /** @description The message is taken. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours`, `wrong_role`, `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `draft_changed` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_chat_cache: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are forgotten. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_chat_cancel_task_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The task. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_chat_retry_task_id: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The task. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new task. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChatView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_chat_sessions: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionsView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_chat_sessions_claim: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClaimBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClaimView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_chat_sessions_session_id: {
        parameters: {
            query?: {
                /** @description A cursor of another page; the newest messages without one. */
                cursor?: string;
                /** @description How many messages at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The conversation. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TranscriptView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_chat_sessions_session_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversation. */
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_chat_status_task_id: {
        parameters: {
            query?: {
                /** @description How many seconds to wait for the end of the task. */
                wait?: number;
            };
            header?: never;
            path: {
                /** @description The task. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_chat_stream_task_id: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description The last event that arrived.
                 * @example 4
                 */
                "Last-Event-ID"?: number;
            };
            path: {
                /** @description The task. */
                task_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is told of the task, as it comes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["EventView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    patch_consumers_me_location: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LocationBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsumerView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_consumers_me_memory: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_consumers_me_memory: {
        parameters: {
            query?: {
                /** @description What is to be forgotten, stated and learned; all of it if this is not said. */
                key?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    patch_consumers_me_memory: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemoryBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_consumers_me_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsumerView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_consumers_me_profile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsumerView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_consumers_me_requests: {
        parameters: {
            query?: {
                /** @description How many of each part at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupedView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    patch_consumers_user_id_location: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LocationBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsumerView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_consumers_user_id_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsumerView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_consumers_user_id_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The user. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProfileBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsumerView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_consumers_user_id_requests: {
        parameters: {
            query?: {
                /** @description How many of each part at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The user. */
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupedView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_enrollment: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description Only those that stand so. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentsView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_enrollment_mine: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_enrollment_start: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was begun before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentView"];
                };
            };
            /** @description Begun. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `provider_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_enrollment_enrollment_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The enrollment. */
                enrollment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_enrollment_enrollment_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The enrollment. */
                enrollment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    patch_enrollment_enrollment_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The enrollment. */
                enrollment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EnrollmentFields"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_enrollment_enrollment_id_approve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The enrollment. */
                enrollment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move`, `provider_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `enrollment_incomplete` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_enrollment_enrollment_id_reject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The enrollment. */
                enrollment_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejectBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_enrollment_enrollment_id_submit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The enrollment. */
                enrollment_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move`, `provider_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `enrollment_incomplete` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_media: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The file. What it is counts, not what it is called.
                     */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Kept. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_media_media_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The picture or film. */
                media_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_media_media_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The picture or film. */
                media_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `media_in_use` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_media_media_id_file: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which file of it, until when the link is good, and a signature. */
                file: string;
                /** @description The picture or film. */
                media_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description The part of it that was asked for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Range Not Satisfiable: `no_such_range` */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metrics. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; version=0.0.4": string;
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_notifications: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description Only what is not read yet. */
                unread?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationsView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_notifications_read_all: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadAllView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_notifications_notification_id_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The notification. */
                notification_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_offers: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description For this request only. */
                request_id?: string;
                /** @description That stand there only. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OffersView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_offers: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OfferBody"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `no_provider_profile`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `request_closed`, `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_offers_offer_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The offer. */
                offer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_offers_offer_id_accept: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The offer. */
                offer_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptBody"];
            };
        };
        responses: {
            /** @description Booked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BookingView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `offer_not_pending`, `request_closed`, `slot_taken` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `slot_not_offered`, `address_needed` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_offers_offer_id_decline: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The offer. */
                offer_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DeclineBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `offer_not_pending` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_offers_offer_id_withdraw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The offer. */
                offer_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `offer_not_pending` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers: {
        parameters: {
            query?: {
                /** @description Slug of a category: who offers something of it. */
                category_id?: string;
                /** @description The city that they work from, whatever the case and spaces. */
                city?: string;
                /** @description Where the last page of the same search ended. */
                cursor?: string;
                /** @description Degrees north of where to look around; with `lng`. */
                lat?: number;
                /** @description How many at most. */
                limit?: number;
                /** @description Degrees east of where to look around; with `lat`. */
                lng?: number;
                /** @description Who is rated at least so, by three or more. */
                min_rating?: number;
                /** @description Words that they all say of themselves or of what they offer, or that these begin with; up to eight count. */
                q?: string;
                /** @description How far around, in kilometres; 25 if absent. */
                radius_km?: number;
                /** @description Slug of a service: who offers it. */
                service_id?: string;
                /** @description What comes first; the best rated if absent. */
                sort?: string;
                /** @description Who has a licence that was seen and is in order. */
                verified?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FoundProvidersView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_providers: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderPostBody"];
            };
        };
        responses: {
            /** @description The business is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `provider_exists` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers_leads: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description Only those that were offered for, or not. */
                offered?: boolean;
                /** @description Only those that take offers, or do not; that do, if this is not said. */
                open?: boolean;
                /** @description Only those that were passed, or not; not, if this is not said. */
                passed?: boolean;
                /** @description Only for this service. */
                service_id?: string;
                /** @description Only those that were looked at, or not. */
                viewed?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeadListView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `no_provider_profile` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers_provider_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_providers_provider_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Business"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    patch_providers_provider_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderPatchBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers_provider_id_availability: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Availability"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_providers_provider_id_availability: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Availability"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Availability"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers_provider_id_portfolio: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortfolioView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_providers_provider_id_portfolio: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PortfolioPostBody"];
            };
        };
        responses: {
            /** @description Shown. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortfolioItemView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_providers_provider_id_portfolio_item_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What is shown. */
                item_id: string;
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Not shown any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    patch_providers_provider_id_portfolio_item_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What is shown. */
                item_id: string;
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PortfolioPatchBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortfolioItemView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers_provider_id_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    patch_providers_provider_id_profile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderPatchBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers_provider_id_services: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderServicesView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_providers_provider_id_services: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Offered"];
            };
        };
        responses: {
            /** @description Offered. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderServiceView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_providers_provider_id_services_service_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
                /** @description Slug of the service in the catalog. */
                service_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Not offered any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    patch_providers_provider_id_services_service_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
                /** @description Slug of the service in the catalog. */
                service_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServicePatchBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderServiceView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers_provider_id_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderSettingsView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_providers_provider_id_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderSettingsBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderSettingsView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers_provider_id_slots: {
        parameters: {
            query: {
                /** @description The first of the provider's local dates. */
                from: string;
                /** @description Slug of a service that the provider offers. */
                service_id: string;
                /** @description The last one, at most 30 days later and 90 days ahead. */
                to: string;
            };
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlotsView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers_provider_id_stats: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderStatsView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_providers_provider_id_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OwnProviderStatusBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProfileView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_providers_provider_id_templates: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplatesView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_providers_provider_id_templates: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TemplatePostBody"];
            };
        };
        responses: {
            /** @description Written. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_providers_provider_id_templates_template_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
                /** @description The template. */
                template_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    patch_providers_provider_id_templates_template_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
                /** @description The template. */
                template_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TemplatePatchBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description PostgreSQL is down. Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                    "application/json": components["schemas"]["ReadyView"];
                };
            };
        };
    };
    get_requests: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description Only those that stand there. */
                status?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestsView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_requests: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostBody"];
            };
        };
        responses: {
            /** @description Posted. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `too_many_live`, `duplicate_request` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_requests_request_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The request. */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    patch_requests_request_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The request. */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PatchBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move`, `request_closed`, `duplicate_request` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_requests_request_id_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The request. */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CancelBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `request_closed` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_requests_request_id_match: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The request. */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The matching. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `illegal_move`, `request_closed` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_requests_request_id_matches: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The request. */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MatchesView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_requests_request_id_offers: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description That stand there only. */
                status?: string;
            };
            header?: never;
            path: {
                /** @description The request. */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OffersView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_requests_request_id_pass: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The request. */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PassBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeadView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `no_provider_profile`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move`, `request_closed` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_requests_request_id_suggest_offer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The request. */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The task. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakenView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `no_provider_profile`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `illegal_move`, `request_closed` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_requests_request_id_view: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The request. */
                request_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeadView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role`, `no_provider_profile`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_reviews: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the caller: within 24 hours the same call with the same key has its effect once and is answered the same. Ignored without a token. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReviewBody"];
            };
        };
        responses: {
            /** @description Posted. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `idempotency_in_flight`, `illegal_move`, `already_reviewed` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency_mismatch` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_reviews_provider_provider_id: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The provider. */
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderReviewsView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_reviews_review_id_response: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The review. */
                review_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResponseBody"];
            };
        };
        responses: {
            /** @description The review with its answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `not_yours` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_services_catalog: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many categories at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogView"];
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_services_catalog_full: {
        parameters: {
            query?: {
                /** @description Where the last page ended. */
                cursor?: string;
                /** @description How many categories at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FullCatalogView"];
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_services_catalog_category_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug of the category. */
                category_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CategoryView"];
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_services_catalog_category_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug of the category. */
                category_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CategoryBody"];
            };
        };
        responses: {
            /** @description Replaced. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CategoryView"];
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CategoryView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_services_catalog_category_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug of the category. */
                category_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Retired. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Conflict: `illegal_move` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_services_services_service_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug of the service. */
                service_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceView"];
                };
            };
            /** @description As it was, by `If-None-Match`. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    put_services_services_service_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug of the service. */
                service_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceBody"];
            };
        };
        responses: {
            /** @description Replaced. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceView"];
                };
            };
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    delete_services_services_service_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Slug of the service. */
                service_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Retired. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_usage: {
        parameters: {
            query?: {
                /** @description The first day, of UTC; 29 days before the last one if it is not said. */
                from?: string;
                /** @description The last day, at most 91 days later; today if it is not said. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Forbidden: `account_required`, `wrong_role` */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    get_usage_me: {
        parameters: {
            query?: {
                /** @description The first day, of UTC; 29 days before the last one if it is not said. */
                from?: string;
                /** @description The last day, at most 91 days later; today if it is not said. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageView"];
                };
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Too Many Requests: `rate_limited` */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
    post_webhooks_clerk: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The event's id: the same one is taken once.
                 * @example msg_2Lh9KRb0pzN4LePd3XiA4v12Axj
                 */
                "svix-id": string;
                /**
                 * @description When it was sent, in Unix seconds; within five minutes.
                 * @example 1795446245
                 */
                "svix-timestamp": string;
                /**
                 * @description Signatures, `v1,` and Base64, with spaces between.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "svix-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ClerkBody"];
            };
        };
        responses: {
            /** @description Taken. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request: `invalid_json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unauthorized: `unauthenticated`, `account_closed` */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Not Found: `not_found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Request Timeout: `too_slow` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Payload Too Large: `too_large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unsupported Media Type: `media_unsupported` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
            /** @description Service Unavailable: `unavailable` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDetails"];
                };
            };
        };
    };
}
