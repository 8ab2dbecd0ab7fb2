%% A worker that does as little as ours: it answers, crashes when it is told
%% to, and says that it is up where somebody waits for that.
-module(restart_otp_worker).
-behaviour(gen_server).

-export([start_named/1, start_told/1, start_crashing/3]).
-export([init/1, handle_continue/2, handle_call/3, handle_cast/2]).

start_named(Name) ->
    gen_server:start_link({local, Name}, ?MODULE, silent, []).

start_told(Client) ->
    gen_server:start_link(?MODULE, {told, Client}, []).

%% Crashes as soon as it has started, `Times` times.
start_crashing(Client, Starts, Times) ->
    gen_server:start_link(?MODULE, {crashing, Client, Starts, Times}, []).

init(silent) ->
    {ok, []};
init({told, Client}) ->
    Client ! {up, self()},
    {ok, []};
init({crashing, Client, Starts, Times}) ->
    case atomics:add_get(Starts, 1, 1) of
        Start when Start =< Times ->
            {ok, [], {continue, crash}};
        _ ->
            init({told, Client})
    end.

handle_continue(crash, _) ->
    error(asked_to_crash).

handle_call(ping, _, State) ->
    {reply, pong, State}.

handle_cast(crash, _) ->
    error(asked_to_crash).
