import { createContext } from 'react';
import type { Conversation } from './conversation';

/** The conversation around a card: what is done there may be told in its messages. */
export const ConversationContext = createContext<Conversation | null>(null);
