import { useSyncExternalStore } from 'react';

/** Says that the network is away; what is asked for meanwhile comes when it is back. */
export function OfflineBanner() {
  const online = useSyncExternalStore(onNetworkChange, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <p className="bg-warn-soft px-4 py-2 text-center text-sm text-warn">
          You are offline. Proxie goes on as soon as you are back; nothing you wrote is lost.
        </p>
      )}
    </div>
  );
}

function onNetworkChange(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}
