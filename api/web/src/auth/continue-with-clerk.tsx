import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { useConfig } from '../api/config';
import { detailOf } from '../api/errors';
import { openIssuer } from '../api/issuer';
import { beginAtIssuer, hasBegunAtIssuer } from '../api/session';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';
import { useWho } from './who';

/** The other way to sign in or up, where the server knows it: at Clerk, which may lead away from this page and back. */
export function ContinueWithClerk() {
  const { clerkPublishableKey } = useConfig();
  return clerkPublishableKey === null ? null : <ClerkDoor />;
}

function ClerkDoor() {
  const { enterByIssuer } = useWho();
  const enter = useMutation({ mutationFn: enterByIssuer });
  const open = useMutation({
    mutationFn: async (isWanted: boolean) => {
      const issuer = await openIssuer();
      issuer.awaitSignIn(() => enter.mutate(), isWanted);
    },
  });
  const comeBack = useEffectEvent(() => {
    if (hasBegunAtIssuer()) open.mutate(false);
  });
  useEffect(() => comeBack(), []);
  const failure = enter.error ?? open.error;
  return (
    <div className="grid gap-3">
      <p className="text-center text-muted">or</p>
      <Button
        look="plain"
        busy={open.isPending || enter.isPending}
        onClick={() => {
          beginAtIssuer();
          enter.reset();
          open.mutate(true);
        }}
      >
        Continue with Clerk
      </Button>
      {failure !== null && (
        <Notice tone="bad" role="alert">
          {detailOf(failure)}
        </Notice>
      )}
    </div>
  );
}
