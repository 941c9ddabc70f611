import { useNavigate } from 'react-router';
import { useWho } from '../auth/who';
import { Menu } from '../ui/menu';
import { toast, toastFailure } from '../ui/toast';
import { placesOf } from './navigation';

export function AccountMenu() {
  const { role, user, signOut } = useWho();
  const navigate = useNavigate();

  async function leave() {
    try {
      await signOut();
      await navigate('/');
      toast('You are signed out.');
    } catch (error) {
      toastFailure(error);
    }
  }

  const label = user?.name == null ? 'Account' : `Account of ${user.name}`;
  return (
    <Menu
      label={label}
      icon="user"
      entries={[...placesOf(role).more, { label: 'Sign out', icon: 'leave', onSelect: () => void leave() }]}
    />
  );
}
