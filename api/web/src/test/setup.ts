import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Code that is loaded when it is first shown takes a slow machine more than a second.
configure({ asyncUtilTimeout: 5_000 });

afterEach(() => {
  cleanup();
  localStorage.clear();
});
