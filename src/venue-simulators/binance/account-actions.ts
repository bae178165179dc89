import { formatScaled } from '#domain/scale.ts';
import { tellAccount, tellMarginCall, tellSettings } from './account-events.ts';
import { moveBalance, moveOtherAsset } from './account-ledger.ts';
import { holdings } from './account-payloads.ts';
import { applyLeverage } from './account-routes.ts';
import type { ActionName } from './action-parameters.ts';
import { type Actions, actionMarket, actionSteps } from './action-scene.ts';
import { recordIncome } from './floor-events.ts';
import { banAddress, orderRefusal, useWeight } from './rate-counters.ts';
import { serverNow, type World } from './world.ts';

/** What becomes of the account, its key and its limits. */
export const accountActions: Actions<
  Extract<
    ActionName,
    | 'expireListenKey'
    | 'deleteListenKey'
    | 'hedgeMode'
    | 'multiAssets'
    | 'leverageChanged'
    | 'marginTypeChanged'
    | 'permissions'
    | 'revokeKey'
    | 'banAddress'
    | 'useWeight'
    | 'useOrders'
    | 'withdraw'
    | 'deposit'
    | 'marginCall'
  >
> = {
  expireListenKey: ({ user }, { isTimeText, isSilent }) => {
    user.isExpiryTimeText = isTimeText;
    if (isSilent) user.remove();
    else user.expire();
  },
  deleteListenKey: ({ user }) => {
    user.remove();
  },
  hedgeMode: ({ ledger }, { on }) => {
    ledger.isHedged = on;
  },
  multiAssets: (world, { on }) => {
    world.ledger.isMultiAssets = on;
    tellSettings(world, { isMultiAssets: on });
  },
  leverageChanged: (world, { symbol, leverage }) => applyLeverage(world, actionMarket(world, symbol), leverage),
  marginTypeChanged: (world, { symbol, isolated }) => {
    const market = actionMarket(world, symbol);
    market.isIsolated = isolated;
    tellAccount(world, { reason: 'MARGIN_TYPE_CHANGE', market });
  },
  permissions: ({ ledger }, { canTrade, canWithdraw }) => {
    ledger.canTrade = canTrade ?? ledger.canTrade;
    ledger.canWithdraw = canWithdraw ?? ledger.canWithdraw;
  },
  revokeKey: ({ script }, { on }) => {
    script.isKeyRevoked = on;
  },
  banAddress: (world, { ms, address }) => {
    for (const each of addressesOf(world, address)) banAddress(world.rates, each, ms, world.time.now());
  },
  useWeight: (world, { weight, address }) => {
    for (const each of addressesOf(world, address)) useWeight(world.rates, each, weight, world.time.now());
  },
  useOrders: (world, { count }) => {
    orderRefusal(world.rates, count, world.time.now());
  },
  withdraw: (world, { amount }) => {
    transfer(world, 'WITHDRAW', -actionSteps(amount, world.ledger.moneyDecimals));
  },
  deposit: (world, { amount, asset }) => {
    if (asset === undefined || asset === world.ledger.asset) {
      transfer(world, 'DEPOSIT', actionSteps(amount, world.ledger.moneyDecimals));
      return;
    }
    moveOtherAsset(world.ledger, asset, actionSteps(amount, otherDecimals));
    recordIncome(world, { type: 'TRANSFER', market: undefined, income: amount, asset });
    tellAccount(world, { reason: 'DEPOSIT', otherAsset: asset });
  },
  marginCall: (world, { symbol }) => {
    const market = actionMarket(world, symbol);
    const maintenance = holdings(world, market.symbol)[0]?.maintenance ?? 0;
    tellMarginCall(world, market, maintenance);
  },
};

const otherDecimals = 8;

/** The address named, or every one that was ever seen. */
function addressesOf({ rates }: World, address: string | undefined): string[] {
  return address === undefined ? [...rates.addresses.keys()] : [address];
}

function transfer(world: World, reason: 'DEPOSIT' | 'WITHDRAW', amount: number): void {
  const { ledger } = world;
  world.floor.transfer(amount);
  moveBalance(ledger, amount, serverNow(world));
  const income = formatScaled(amount, ledger.moneyDecimals);
  recordIncome(world, { type: 'TRANSFER', market: undefined, income, asset: ledger.asset });
  tellAccount(world, { reason, balanceChange: amount });
}
