// SPDX-License-Identifier: Apache-2.0
// Made by "npm run types" from /openapi.json; not to be edited.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Action: {
            demands: components["schemas"]["ActionDemand"][];
            label: string;
            name: string;
            primary: boolean;
            /** Format: uuid */
            task_id?: string;
            /** Format: int64 */
            version: number;
        };
        ActionDemand: {
            field: string;
            /** Format: int64 */
            max_length?: number;
            /** Format: int64 */
            min_length?: number;
            options?: components["schemas"]["Option"][];
            required: boolean;
            /** @enum {string} */
            type: "answer" | "note" | "question" | "reason" | "redacted_text" | "outcome" | "proof" | "unit" | "support_units" | "category" | "until" | "duplicate_of" | "rating" | "result" | "directive" | "document" | "handler" | "urgency";
        };
        ActorBody: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "device" | "citizen" | "staff";
            /** @enum {string} */
            language: "vi" | "en";
            roles: string[];
            unit?: string;
        };
        Area: {
            aliases: string[];
            code: string;
            id: string;
            kind?: string;
            name: string;
            valid_from?: string;
            valid_to?: string;
        };
        AreaRef: {
            code: string;
            id: string;
            name: string;
        };
        Attachment: {
            photo_ids: string[];
        };
        Attribute: {
            code: string;
            help?: string;
            label: string;
            /** Format: int64 */
            max?: number;
            /** Format: int64 */
            min?: number;
            options: components["schemas"]["Option"][];
            pattern?: string;
            required: boolean;
            /** @enum {string} */
            type: "string" | "number" | "select" | "bool" | "file_number";
        };
        AuditOutputBody: {
            items: components["schemas"]["EventBody"][];
            /** Format: int64 */
            next_after: number;
        };
        Category: {
            attributes: components["schemas"]["Attribute"][];
            children?: components["schemas"]["Category"][];
            code: string;
            group?: string;
            help?: string;
            icon?: string;
            name: string;
            public: boolean;
            sos?: boolean;
        };
        CategoryRef: {
            code: string;
            icon?: string;
            name: string;
        };
        ChangeBody: {
            /** Format: date-time */
            at: string;
            kind: string;
            /** Format: int64 */
            pos: number;
            report: components["schemas"]["Operations"] | components["schemas"]["Unit"] | components["schemas"]["Own"] | components["schemas"]["Public"] | null;
            /** Format: uuid */
            report_id: string;
            tombstone: boolean;
        };
        ChangesOutputBody: {
            /** Format: uuid */
            epoch: string;
            items: components["schemas"]["ChangeBody"][];
            /** Format: int64 */
            next_after: number;
        };
        Claim: {
            /** Format: uuid */
            by: string;
            name?: string;
            /** Format: date-time */
            until: string;
        };
        Config: {
            banner?: string;
            emergency_numbers: components["schemas"]["EmergencyNumber"][];
            guest_reports: boolean;
            jurisdiction: components["schemas"]["ConfigJurisdiction"];
            languages: string[];
            limits: components["schemas"]["Limits"];
            min_client?: string;
            /** Format: int32 */
            pack_version: number;
            /** Format: date-time */
            server_time: string;
            zone: string;
        };
        ConfigJurisdiction: {
            bbox: number[];
            code: string;
            /** Format: int32 */
            id: number;
            name: string;
        };
        ContactInputBody: {
            reason: string;
        };
        ContactOutputBody: {
            email?: string;
            name?: string;
            phone?: string;
        };
        Deadline: {
            document?: string;
            /** Format: date-time */
            due_at: string;
            extended: boolean;
            kind: string;
            label?: string;
            met?: boolean;
            paused: boolean;
            /** Format: int64 */
            remaining_working_s: number;
            rule: string;
            /** Format: int64 */
            wall_s?: number;
        };
        DecisionBody: {
            areas: string[];
            categories: string[];
            /** Format: int32 */
            days: number;
            document: string;
            /** Format: date-time */
            ends_at: string;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "suspend" | "extend";
            /** Format: date-time */
            made_at: string;
            made_by: string;
            /** Format: date-time */
            revoked_at: string | null;
            /** Format: date-time */
            starts_at: string;
        };
        DecisionInputBody: {
            areas?: string[];
            categories?: string[];
            /** Format: int64 */
            days?: number;
            document: string;
            /** Format: date-time */
            ends_at: string;
            /** @enum {string} */
            kind: "suspend" | "extend";
            /** Format: date-time */
            starts_at: string;
        };
        DeliveryBody: {
            /** @enum {string} */
            channel: "fcm" | "inapp";
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            device_id: string;
            history: components["schemas"]["DeliveryTry"][];
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            notification_id: string;
            /** @enum {string} */
            status: "pending" | "sent" | "failed" | "dropped";
            /** Format: int32 */
            tries: number;
            /** Format: date-time */
            updated_at: string;
        };
        DeliveryTry: {
            /** Format: date-time */
            at: string;
            result: string;
        };
        DemoAccount: {
            login: string;
            name: string;
            password: string;
            role: string;
            unit: string;
        };
        DemoOTPOutputBody: {
            code: string;
        };
        DeviceInputBody: {
            app_version?: string;
            /** Format: uuid */
            device_id: string;
            language?: string;
            platform: string;
            secret: string;
        };
        Directive: {
            /** Format: date-time */
            at: string;
            document?: string;
            text: string;
        };
        EmergencyNumber: {
            name: string;
            number: string;
        };
        EventBody: {
            actor: string;
            /** Format: date-time */
            at: string;
            body: string;
            hash: string;
            kind: string;
            /** @enum {string} */
            origin: "live" | "import" | "demo" | "drill";
            /** Format: int64 */
            pos: number;
            /** Format: uuid */
            subject_id: string;
            /** @enum {string} */
            subject_kind: "report" | "photo" | "pack" | "session" | "staff";
            /** Format: int64 */
            subject_seq: number;
        };
        GrantOutputBody: {
            actor: components["schemas"]["ActorBody"];
            /** Format: date-time */
            expires_at: string;
            refresh_token: string;
            token: string;
        };
        Handler: {
            /** Format: uuid */
            id: string;
            name?: string;
        };
        HandoverFail: {
            code: string;
            /** Format: uuid */
            report_id: string;
        };
        HandoverInputBody: {
            /** Format: uuid */
            cursor?: string;
            plan?: boolean;
            to: string;
            unit: string;
        };
        HandoverOutputBody: {
            failed: components["schemas"]["HandoverFail"][];
            /** Format: int64 */
            handed: number;
            /** Format: uuid */
            next_cursor: string;
            work: components["schemas"]["HandoverWork"][];
        };
        HandoverWork: {
            /** Format: int64 */
            count: number;
            lead: boolean;
            state: string;
        };
        InboxItem: {
            /** Format: date-time */
            due_at?: string;
            overdue: boolean;
            /** Format: int64 */
            remaining_working_s?: number;
            report: components["schemas"]["Short"];
            task?: components["schemas"]["Task"];
            /** Format: uuid */
            task_id?: string;
        };
        Limits: {
            /** Format: int64 */
            description: number;
            /** Format: int64 */
            photo_bytes: number;
            /** Format: int64 */
            photo_pixels: number;
            /** Format: int64 */
            photos: number;
        };
        Location: {
            /** Format: double */
            accuracy_m?: number;
            /** Format: double */
            lat: number;
            /** Format: double */
            lon: number;
            /** @enum {string} */
            precision: "exact" | "snapped" | "ward";
            /** @enum {string} */
            source?: "gps" | "photo" | "pin" | "address" | "words";
        };
        LoginInputBody: {
            login: string;
            password: string;
        };
        Mark: {
            /** Format: int64 */
            end: number;
            /** @enum {string} */
            kind: "phone" | "id_number" | "plate" | "email";
            /** Format: int64 */
            start: number;
        };
        MeInputBody: {
            /** @enum {string} */
            language: "vi" | "en";
        };
        MeOutputBody: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "device" | "citizen" | "staff";
            /** @enum {string} */
            language: "vi" | "en";
            name?: string;
            roles: string[];
            unit?: string;
        };
        Named: {
            code: string;
            name: string;
        };
        Note: {
            /** Format: date-time */
            at: string;
            author?: string;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            task_id?: string;
            text: string;
        };
        NoteBody: {
            /** Format: uuid */
            task_id?: string;
            text: string;
        };
        NotificationBody: {
            /** Format: date-time */
            at: string;
            body: string;
            /** Format: uuid */
            id: string;
            kind: string;
            link: string;
            /** Format: date-time */
            read_at: string | null;
            /** Format: uuid */
            report_id: string;
            state: string;
            title: string;
        };
        OffersOutputBody: {
            items: components["schemas"]["Action"][];
        };
        OnBehalf: {
            consent: boolean;
            how?: string;
        };
        Operations: {
            address?: string;
            answer?: string;
            area?: components["schemas"]["AreaRef"];
            attributes?: {
                [key: string]: string;
            };
            category?: components["schemas"]["CategoryRef"];
            /** @enum {string} */
            channel?: "app" | "web" | "hotline" | "agent" | "machine" | "open311" | "sms" | "import";
            claim?: components["schemas"]["Claim"];
            code: string;
            /** Format: date-time */
            created_at: string;
            deadlines: components["schemas"]["Deadline"][];
            description?: string;
            directives: components["schemas"]["Directive"][];
            document?: string;
            /** Format: uuid */
            duplicate_of?: string;
            /** Format: int32 */
            escalated: number;
            external_ref?: string;
            first_category?: components["schemas"]["CategoryRef"];
            /** Format: int32 */
            followers: number;
            has_contact: boolean;
            hidden_reason?: string;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            language?: "vi" | "en";
            location?: components["schemas"]["Location"];
            /** Format: int32 */
            me_too: number;
            notes: components["schemas"]["Note"][];
            original?: components["schemas"]["Standing"];
            original_text: components["schemas"]["OriginalText"];
            /** @enum {string} */
            outcome?: "fixed" | "planned" | "nothing_found" | "not_possible";
            parts?: string[];
            /** @enum {string} */
            phase: "received" | "working" | "answered" | "ended";
            photos: components["schemas"]["Photo"][];
            /** @enum {string} */
            public_precision: "exact" | "snapped" | "ward";
            rating?: components["schemas"]["Rating"];
            rejected_for?: components["schemas"]["Named"];
            /** Format: int64 */
            reopens_left?: number;
            /** Format: date-time */
            scheduled_for?: string;
            /** @enum {string} */
            shown: "none" | "status" | "link" | "full";
            sos: boolean;
            sos_details?: components["schemas"]["SOS"];
            /** Format: uuid */
            split_from?: string;
            state: string;
            /** Format: date-time */
            state_at: string;
            state_label: string;
            /** @enum {string} */
            status: "open" | "closed";
            tasks: components["schemas"]["Task"][];
            thread: components["schemas"]["ThreadItem"][];
            trace?: components["schemas"]["Trace"];
            transferred_to?: components["schemas"]["Named"];
            unit?: components["schemas"]["UnitRef"];
            /** Format: date-time */
            updated_at: string;
            /** Format: int32 */
            urged: number;
            urgent: boolean;
            /** Format: int64 */
            version: number;
            /** @enum {string} */
            visibility: "private" | "public" | "restricted" | "hidden";
        };
        Option: {
            key: string;
            name: string;
        };
        OriginalText: {
            marks: components["schemas"]["Mark"][];
            text: string;
        };
        OtpInputBody: {
            phone: string;
        };
        OtpVerifyInputBody: {
            code: string;
            phone: string;
        };
        Own: {
            address?: string;
            answer?: string;
            area?: components["schemas"]["AreaRef"];
            attributes?: {
                [key: string]: string;
            };
            category?: components["schemas"]["CategoryRef"];
            /** @enum {string} */
            channel?: "app" | "web" | "hotline" | "agent" | "machine" | "open311" | "sms" | "import";
            code: string;
            /** Format: date-time */
            created_at: string;
            deadlines: components["schemas"]["Deadline"][];
            description?: string;
            /** Format: uuid */
            duplicate_of?: string;
            /** Format: int32 */
            followers: number;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            language?: "vi" | "en";
            location?: components["schemas"]["Location"];
            /** Format: int32 */
            me_too: number;
            original?: components["schemas"]["Standing"];
            /** @enum {string} */
            outcome?: "fixed" | "planned" | "nothing_found" | "not_possible";
            parts?: string[];
            /** @enum {string} */
            phase: "received" | "working" | "answered" | "ended";
            photos: components["schemas"]["Photo"][];
            rating?: components["schemas"]["Rating"];
            reason?: string;
            rejected_for?: components["schemas"]["Named"];
            /** Format: int64 */
            reopens_left?: number;
            /** Format: date-time */
            scheduled_for?: string;
            sos: boolean;
            sos_details?: components["schemas"]["SOS"];
            /** Format: uuid */
            split_from?: string;
            state: string;
            state_label: string;
            /** @enum {string} */
            status: "open" | "closed";
            thread: components["schemas"]["ThreadItem"][];
            transferred_to?: components["schemas"]["Named"];
            unit?: components["schemas"]["UnitRef"];
            /** Format: date-time */
            updated_at: string;
            urgent: boolean;
            /** Format: int64 */
            version: number;
        };
        PackBody: {
            /** Format: date-time */
            applied_at: string;
            applied_by: string;
            digest: string;
            document?: string;
            /** Format: date-time */
            effective_at: string;
            in_force: boolean;
            /** Format: int32 */
            number: number;
        };
        PackDetail: {
            categories: components["schemas"]["Category"][];
            digest: string;
            name: string;
            /** Format: int32 */
            number: number;
            rules: components["schemas"]["Rule"][];
            units: components["schemas"]["UnitInfo"][];
            workflows: components["schemas"]["Workflow"][];
        };
        PageArea: {
            items: components["schemas"]["Area"][];
            next_cursor: string | null;
        };
        PageCategory: {
            items: components["schemas"]["Category"][];
            next_cursor: string | null;
        };
        PageDecisionBody: {
            items: components["schemas"]["DecisionBody"][];
            next_cursor: string | null;
        };
        PageDeliveryBody: {
            items: components["schemas"]["DeliveryBody"][];
            next_cursor: string | null;
        };
        PageDemoAccount: {
            items: components["schemas"]["DemoAccount"][];
            next_cursor: string | null;
        };
        PageInboxItem: {
            items: components["schemas"]["InboxItem"][];
            next_cursor: string | null;
        };
        PageNote: {
            items: components["schemas"]["Note"][];
            next_cursor: string | null;
        };
        PageNotificationBody: {
            items: components["schemas"]["NotificationBody"][];
            next_cursor: string | null;
        };
        PagePackBody: {
            items: components["schemas"]["PackBody"][];
            next_cursor: string | null;
        };
        PageShownReport: {
            items: (components["schemas"]["Operations"] | components["schemas"]["Unit"] | components["schemas"]["Own"] | components["schemas"]["Public"])[];
            next_cursor: string | null;
        };
        PageStaffBody: {
            items: components["schemas"]["StaffBody"][];
            next_cursor: string | null;
        };
        PageTask: {
            items: components["schemas"]["Task"][];
            next_cursor: string | null;
        };
        PageTemplate: {
            items: components["schemas"]["Template"][];
            next_cursor: string | null;
        };
        PageTextVersion: {
            items: components["schemas"]["TextVersion"][];
            next_cursor: string | null;
        };
        PageThreadItem: {
            items: components["schemas"]["ThreadItem"][];
            next_cursor: string | null;
        };
        PageUnitInfo: {
            items: components["schemas"]["UnitInfo"][];
            next_cursor: string | null;
        };
        PasswordInputBody: {
            password: string;
        };
        Photo: {
            alt?: string;
            blurhash?: string;
            /** Format: int64 */
            distance_m?: number;
            /** Format: int32 */
            height: number;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "before" | "after" | "document";
            original_url?: string;
            reason?: string;
            /** @enum {string} */
            status: "pending" | "ready" | "refused";
            /** Format: date-time */
            taken_at?: string;
            thumb_url?: string;
            view_url?: string;
            /** Format: int32 */
            width: number;
        };
        PhotoList: {
            items: components["schemas"]["Photo"][];
        };
        Problem: {
            code: string;
            detail: string;
            errors?: components["schemas"]["ProblemField"][];
            request_id?: string;
            /** Format: int64 */
            status: number;
            title: string;
            type: string;
        };
        ProblemField: {
            code: string;
            location: string;
            message: string;
            params?: {
                [key: string]: unknown;
            };
        };
        Public: {
            answer?: string;
            area?: components["schemas"]["AreaRef"];
            attributes?: {
                [key: string]: string;
            };
            category?: components["schemas"]["CategoryRef"];
            /** @enum {string} */
            channel?: "app" | "web" | "hotline" | "agent" | "machine" | "open311" | "sms" | "import";
            code: string;
            /** Format: date-time */
            created_at: string;
            deadlines: components["schemas"]["Deadline"][];
            description?: string;
            /** Format: uuid */
            duplicate_of?: string;
            /** Format: int32 */
            followers: number;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            language?: "vi" | "en";
            location?: components["schemas"]["Location"];
            /** Format: int32 */
            me_too: number;
            /** @enum {string} */
            outcome?: "fixed" | "planned" | "nothing_found" | "not_possible";
            parts?: string[];
            /** @enum {string} */
            phase: "received" | "working" | "answered" | "ended";
            photos: components["schemas"]["Photo"][];
            rating?: components["schemas"]["Rating"];
            /** Format: int64 */
            reopens_left?: number;
            /** Format: date-time */
            scheduled_for?: string;
            sos: boolean;
            /** Format: uuid */
            split_from?: string;
            state: string;
            state_label: string;
            /** @enum {string} */
            status: "open" | "closed";
            transferred_to?: components["schemas"]["Named"];
            unit?: components["schemas"]["UnitRef"];
            /** Format: date-time */
            updated_at: string;
            urgent: boolean;
            /** Format: int64 */
            version: number;
        };
        PushInputBody: {
            fcm_token: string;
            /** @enum {string} */
            language?: "vi" | "en";
            /** @enum {string} */
            platform: "android" | "ios" | "web";
        };
        Rating: {
            comment?: string;
            /** @enum {string} */
            level: "satisfied" | "acceptable" | "unsatisfied";
        };
        RatingBody: {
            comment?: string;
            level: string;
        };
        ReadInputBody: {
            ids?: string[];
        };
        ReadOutputBody: {
            /** Format: int64 */
            read: number;
        };
        RefreshInputBody: {
            refresh_token: string;
        };
        Reporter: {
            email?: string;
            name?: string;
            phone?: string;
        };
        Rule: {
            lead: string;
            /** Format: int64 */
            number: number;
            support: string[];
            /** @enum {string} */
            urgency?: "normal" | "urgent" | "sos";
            when: string;
            why?: string;
            workflow?: string;
        };
        SOS: {
            /** Format: int64 */
            battery?: number;
            /** Format: int64 */
            people: number;
            water_level?: string;
        };
        Short: {
            area?: components["schemas"]["AreaRef"];
            category?: components["schemas"]["CategoryRef"];
            code: string;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            location?: components["schemas"]["Location"];
            /** @enum {string} */
            phase: "received" | "working" | "answered" | "ended";
            sos: boolean;
            state: string;
            state_label: string;
            unit?: components["schemas"]["UnitRef"];
            /** Format: date-time */
            updated_at: string;
            urgent: boolean;
            /** Format: int64 */
            version: number;
        };
        StaffBody: {
            active: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            login: string;
            name: string;
            roles: string[];
            unit: string | null;
        };
        StaffCreateInputBody: {
            login: string;
            name: string;
            password: string;
            roles: string[];
            unit?: string;
        };
        Standing: {
            code?: string;
            /** Format: uuid */
            id?: string;
            /** @enum {string} */
            phase: "received" | "working" | "answered" | "ended";
            state: string;
            state_label: string;
        };
        StepBody: {
            category?: string;
            document?: string;
            /** Format: uuid */
            duplicate_of?: string;
            /** Format: uuid */
            handler?: string;
            outcome?: string;
            photo_ids?: string[];
            rating?: components["schemas"]["RatingBody"];
            reason_code?: string;
            redacted_text?: string;
            support_units?: string[];
            /** Format: uuid */
            task_id?: string;
            text?: string;
            unit?: string;
            /** Format: date-time */
            until?: string;
            urgency?: string;
        };
        Submission: {
            address?: string;
            attributes?: {
                [key: string]: string;
            };
            category?: string;
            /** @enum {string} */
            channel?: "app" | "web" | "hotline" | "agent" | "machine";
            description?: string;
            external_ref?: string;
            hide_name?: boolean;
            /** @enum {string} */
            language?: "vi" | "en";
            location?: components["schemas"]["SubmittedPlace"];
            /** Format: date-time */
            observed_at?: string;
            on_behalf_of?: components["schemas"]["OnBehalf"];
            photo_ids?: string[];
            reporter?: components["schemas"]["Reporter"];
            sos?: components["schemas"]["SubmittedSOS"];
            urgent?: boolean;
        };
        SubmittedPlace: {
            /** Format: double */
            accuracy_m?: number;
            area_id?: string;
            /** Format: double */
            lat?: number;
            /** Format: double */
            lon?: number;
            /** @enum {string} */
            source?: "gps" | "photo" | "pin" | "address" | "words";
            words?: string;
        };
        SubmittedReport: {
            address?: string;
            answer?: string;
            area?: components["schemas"]["AreaRef"];
            attributes?: {
                [key: string]: string;
            };
            category?: components["schemas"]["CategoryRef"];
            /** @enum {string} */
            channel?: "app" | "web" | "hotline" | "agent" | "machine" | "open311" | "sms" | "import";
            code: string;
            /** Format: date-time */
            created_at: string;
            deadlines: components["schemas"]["Deadline"][];
            description?: string;
            /** Format: uuid */
            duplicate_of?: string;
            /** Format: int32 */
            followers: number;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            language?: "vi" | "en";
            location?: components["schemas"]["Location"];
            /** Format: int32 */
            me_too: number;
            original?: components["schemas"]["Standing"];
            /** @enum {string} */
            outcome?: "fixed" | "planned" | "nothing_found" | "not_possible";
            parts?: string[];
            /** @enum {string} */
            phase: "received" | "working" | "answered" | "ended";
            photos: components["schemas"]["Photo"][];
            rating?: components["schemas"]["Rating"];
            reason?: string;
            rejected_for?: components["schemas"]["Named"];
            /** Format: int64 */
            reopens_left?: number;
            /** Format: date-time */
            scheduled_for?: string;
            sos: boolean;
            sos_details?: components["schemas"]["SOS"];
            /** Format: uuid */
            split_from?: string;
            state: string;
            state_label: string;
            /** @enum {string} */
            status: "open" | "closed";
            thread: components["schemas"]["ThreadItem"][];
            transferred_to?: components["schemas"]["Named"];
            unit?: components["schemas"]["UnitRef"];
            /** Format: date-time */
            updated_at: string;
            urgent: boolean;
            /** Format: int64 */
            version: number;
            warnings?: components["schemas"]["Warning"][];
        };
        SubmittedSOS: {
            /** Format: int64 */
            battery?: number;
            callback?: string;
            /** Format: int64 */
            people?: number;
            water_level?: string;
        };
        Task: {
            deadlines: components["schemas"]["Deadline"][];
            /** Format: date-time */
            done_at?: string;
            handler?: components["schemas"]["Handler"];
            /** Format: uuid */
            id: string;
            lead: boolean;
            notes: components["schemas"]["Note"][];
            result?: string;
            /** @enum {string} */
            state: "open" | "working" | "done" | "returned" | "cancelled";
            unit: components["schemas"]["UnitRef"];
            /** Format: int64 */
            version: number;
        };
        Template: {
            code: string;
            /** @enum {string} */
            kind: "answer" | "reject" | "transfer" | "question" | "return";
            label: string;
            text: string;
        };
        TextBody: {
            text: string;
        };
        TextVersion: {
            /** Format: date-time */
            at: string;
            author: string;
            digest: string;
            /** Format: date-time */
            erased_at?: string;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "description" | "shared" | "address" | "answer" | "reason" | "question" | "reply" | "note" | "comment" | "document" | "message" | "directive" | "result" | "consent";
            /** @enum {string} */
            language: "vi" | "en";
            /** Format: uuid */
            replaces?: string;
            roles?: string[];
            /** Format: uuid */
            task_id?: string;
            text: string | null;
        };
        ThreadItem: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            from: "reporter" | "operations";
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "question" | "reply" | "message";
            text: string;
        };
        TileJSON: {
            bounds?: number[];
            center?: number[];
            /** Format: int64 */
            maxzoom: number;
            /** Format: int64 */
            minzoom: number;
            name: string;
            tilejson: string;
            tiles: string[];
            vector_layers: components["schemas"]["VectorLayer"][];
        };
        TimelineItem: {
            actor?: string;
            /** Format: date-time */
            at: string;
            clock?: string;
            /** Format: int32 */
            degree?: number;
            document?: string;
            kind: string;
            photos?: components["schemas"]["Photo"][];
            /** Format: int64 */
            pos: number;
            reason?: string;
            /** Format: uuid */
            report?: string;
            state?: string;
            state_label?: string;
            step?: string;
            /** Format: int64 */
            stood_s?: number;
            /** Format: int64 */
            stood_working_s?: number;
            /** Format: uuid */
            task_id?: string;
            text?: string;
            unit?: components["schemas"]["UnitRef"];
            /** Format: date-time */
            until?: string;
            visibility?: string;
        };
        TimelineOutputBody: {
            items: components["schemas"]["TimelineItem"][];
        };
        Trace: {
            /** Format: int64 */
            rule: number;
            steps: components["schemas"]["TraceStep"][];
            values?: {
                [key: string]: string;
            };
            why?: string;
        };
        TraceStep: {
            result: string;
            /** Format: int64 */
            rule: number;
            /** Format: int64 */
            through?: number;
            when?: string;
        };
        TrackActInputBody: {
            category?: string;
            document?: string;
            /** Format: uuid */
            duplicate_of?: string;
            /** Format: uuid */
            handler?: string;
            outcome?: string;
            phone_last4: string;
            photo_ids?: string[];
            rating?: components["schemas"]["RatingBody"];
            reason_code?: string;
            redacted_text?: string;
            support_units?: string[];
            /** Format: uuid */
            task_id?: string;
            text?: string;
            unit?: string;
            /** Format: date-time */
            until?: string;
            urgency?: string;
        };
        TrackOwnInputBody: {
            phone_last4: string;
        };
        Trial: {
            area: components["schemas"]["AreaRef"];
            category: components["schemas"]["CategoryRef"];
            deadlines: components["schemas"]["TrialDeadline"][];
            lead: components["schemas"]["UnitRef"];
            /** Format: int32 */
            pack: number;
            /** Format: int64 */
            rule: number;
            steps: components["schemas"]["TraceStep"][];
            support: components["schemas"]["UnitRef"][];
            /** @enum {string} */
            urgency: "normal" | "urgent" | "sos";
            values: {
                [key: string]: string;
            };
            why?: string;
            workflow: components["schemas"]["Named"];
        };
        TrialDeadline: {
            /** @enum {string} */
            counts: "working" | "wall";
            /** Format: date-time */
            due_at: string;
            kind: string;
            label?: string;
            rule: string;
            unit?: components["schemas"]["UnitRef"];
        };
        TryBody: {
            /** Format: date-time */
            at?: string;
            attributes?: {
                [key: string]: string;
            };
            category: string;
            /** @enum {string} */
            channel?: "app" | "web" | "hotline" | "agent" | "machine" | "open311" | "sms" | "import";
            description?: string;
            location?: components["schemas"]["SubmittedPlace"];
            /** Format: int32 */
            pack?: number;
            urgent?: boolean;
        };
        Unit: {
            address?: string;
            answer?: string;
            area?: components["schemas"]["AreaRef"];
            attributes?: {
                [key: string]: string;
            };
            category?: components["schemas"]["CategoryRef"];
            /** @enum {string} */
            channel?: "app" | "web" | "hotline" | "agent" | "machine" | "open311" | "sms" | "import";
            code: string;
            /** Format: date-time */
            created_at: string;
            deadlines: components["schemas"]["Deadline"][];
            description?: string;
            directives: components["schemas"]["Directive"][];
            document?: string;
            /** Format: uuid */
            duplicate_of?: string;
            /** Format: int32 */
            escalated: number;
            first_category?: components["schemas"]["CategoryRef"];
            /** Format: int32 */
            followers: number;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            language?: "vi" | "en";
            location?: components["schemas"]["Location"];
            /** Format: int32 */
            me_too: number;
            notes: components["schemas"]["Note"][];
            original?: components["schemas"]["Standing"];
            /** @enum {string} */
            outcome?: "fixed" | "planned" | "nothing_found" | "not_possible";
            parts?: string[];
            /** @enum {string} */
            phase: "received" | "working" | "answered" | "ended";
            photos: components["schemas"]["Photo"][];
            rating?: components["schemas"]["Rating"];
            rejected_for?: components["schemas"]["Named"];
            /** Format: int64 */
            reopens_left?: number;
            /** Format: date-time */
            scheduled_for?: string;
            sos: boolean;
            sos_details?: components["schemas"]["SOS"];
            /** Format: uuid */
            split_from?: string;
            state: string;
            /** Format: date-time */
            state_at: string;
            state_label: string;
            /** @enum {string} */
            status: "open" | "closed";
            tasks: components["schemas"]["Task"][];
            thread: components["schemas"]["ThreadItem"][];
            trace?: components["schemas"]["Trace"];
            transferred_to?: components["schemas"]["Named"];
            unit?: components["schemas"]["UnitRef"];
            /** Format: date-time */
            updated_at: string;
            /** Format: int32 */
            urged: number;
            urgent: boolean;
            /** Format: int64 */
            version: number;
        };
        UnitInfo: {
            agency_code?: string;
            code: string;
            /** @enum {string} */
            kind: "city" | "ioc" | "department" | "utility" | "ward";
            name: string;
            parent?: string;
            successor?: string;
            valid_from?: string;
            valid_to?: string;
        };
        UnitRef: {
            code: string;
            name: string;
        };
        VectorLayer: {
            fields: {
                [key: string]: string;
            };
            id: string;
        };
        Warning: {
            code: string;
            message: string;
        };
        Workflow: {
            clocks: components["schemas"]["WorkflowClock"][];
            initial: string;
            label: string;
            mermaid: string;
            mermaid_support?: string;
            name: string;
            states: components["schemas"]["WorkflowState"][];
            transitions: components["schemas"]["WorkflowTransition"][];
        };
        WorkflowClock: {
            escalate: string[];
            label: string;
            name: string;
            public: boolean;
            remind: number[];
            take?: string;
        };
        WorkflowDemand: {
            any_of?: string[];
            /** Format: int64 */
            max_length?: number;
            /** Format: int64 */
            min_length?: number;
            reasons?: string;
            required: boolean;
            type: string;
        };
        WorkflowState: {
            answer: boolean;
            clock?: string;
            label: string;
            name: string;
            /** @enum {string} */
            phase: "received" | "working" | "answered" | "ended" | "before";
            /** @enum {string} */
            public: "none" | "status" | "link" | "full";
            /** @enum {string} */
            status: "open" | "closed";
        };
        WorkflowTransition: {
            auto?: string;
            by: string[];
            clocks?: {
                [key: string]: string;
            };
            demands: components["schemas"]["WorkflowDemand"][];
            does: string[];
            from: string[];
            label: string;
            name: string;
            /** @enum {string} */
            on?: "support";
            to: string;
            when?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
