-- An offer that a provider is suggested, a lead that their agent answers, what is said of a provider as a vector.
ALTER TYPE task_kind ADD VALUE 'offer_draft';
ALTER TYPE task_kind ADD VALUE 'auto_offer';
ALTER TYPE task_kind ADD VALUE 'embedding';
