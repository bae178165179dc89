/** A fault that a venue, the way to it, or its data can have, and what the desk must come to in spite of it. */
export interface ListedFault {
  readonly id: string;
  readonly fault: string;
}

const text = `
F01 an order fills and its answer is lost
F02 a library repeats a POST
F03 an answer that says nothing certain: 408, 503, 504, -1006, -1007
F04 the stream tells the acceptance before a retry would go out
F05 definite refusals by 503 beside uncertain ones
F06 a fill is told before the order's own answer
F07 a query does not know the order yet
F08 a fill crosses a cancellation
F09 a fill is told twice
F10 a short and a long event tell one fill
F11 a fill or an order of other hands
F12 a remainder too small to close
F13 a partial fill and its stop
F14 more is filled than was ordered
F15 an amendment becomes a cancellation
F16 a batch is answered order by order
F17 a status nobody knows
F18 the venue cuts a reduction down
F19 a reduction of nothing
F20 one order turns a position
F21 a conditional order on the ordinary route
F22 a stop without a position
F23 two families of orders to cancel
F24 a stop that would trigger at once
F25 an order that is created and cancelled in one answer
F26 refusals consume transaction ids
F27 the key of the user stream expires silently
F28 the expiry is told with its time as a text
F29 somebody deletes the key of the user stream
F30 the key cannot be prolonged
F31 events are lost while streams are exchanged
F32 a socket lives and carries nothing
F33 a subscription is acknowledged on the wrong route
F34 heartbeats without prices
F35 one stream is dead, the other well
F36 no heartbeat
F37 lines are cut anywhere
F38 messages out of order, twice, late
F39 a gap in the depth
F40 the venue ends every socket after a day
F41 a storm of subscriptions after a reconnect
F42 a connection that is open on one side only
F43 names and certificates fail
F44 an answer that is no answer: HTML, nothing, garbage
F45 answers and streams without an end
F46 history is told as news
F47 too many requests, then a ban
F48 several processes share one address
F49 a wall in front of the venue refuses
F50 the order count must not block exits
F51 too many requests or connections at OANDA
F52 the clock is off
F53 the clock jumps, the machine sleeps
F54 an order that is older than its deadline
F55 weekends and holidays
F56 daylight saving moves the sessions
F57 the daily break
F58 financing and funding move the balance
F59 the account is in hedge mode
F60 what is set already is no failure
F61 leverage that cannot be set
F62 multi-assets mode
F63 the margin type is changed by other hands
F64 a key loses its permission
F65 a key of the other environment
F66 liquidation and deleveraging
F67 limits on positions and open orders
F68 refusals for want of margin, again and again
F69 money of another asset
F70 a report that leaves out what is flat
F71 an instrument is halted or delisted
F72 filters change while the desk runs
F73 order ids beyond 2^53
F74 prices with more digits than the venue takes
F75 quantities and prices off their steps
F76 whole and decimal units
F77 market orders have limits of their own
F78 prices that cannot be
F79 figures that are no numbers
F80 bars twice, missing, out of order
F81 an open bar told as closed
F82 bars of the future, times in other units
F83 a closed bar is told otherwise later
F84 mark, last and index price differ
F85 symbols that are not ASCII
F86 fields nobody knows
F87 a field that is gone
F117 a stop triggers and is refused then
F118 a triggered stop fills before it is linked
`;

/** The catalogue of faults, in order. */
export const faults: readonly ListedFault[] = text
  .trim()
  .split('\n')
  .map((line) => ({ id: line.slice(0, line.indexOf(' ')), fault: line.slice(line.indexOf(' ') + 1) }));
